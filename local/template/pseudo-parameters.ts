import type { Json } from '../json.ts';
import type { Site } from './scope.ts';

/** The value of `AWS::…`; `undefined` for AWS::NoValue. */
export function pseudoParameter(name: string, { scope, problem }: Site): Json | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return scope.account;
    case 'AWS::Region':
      return scope.region;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return scope.stackName;
    case 'AWS::StackId':
      return scope.stackId;
    case 'AWS::NotificationARNs':
      return [];
    case 'AWS::NoValue':
      return undefined;
    default:
      throw problem(`the pseudo parameter ${name} is not known`);
  }
}
