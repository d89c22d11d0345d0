import type { Policy } from './policy.ts';
import { compilePolicy } from './policy.ts';

/**
 * What AWS managed policies give on the services that are here, by their name behind `policy/`. What they give beyond
 * (logs, tracing, networks) has no behaviour locally.
 */
const actionsByName: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AmazonDynamoDBFullAccess: ['dynamodb:*'],
  AmazonEventBridgeFullAccess: ['events:*', 'scheduler:*'],
  AmazonS3FullAccess: ['s3:*'],
  AmazonS3ReadOnlyAccess: ['s3:Get*', 's3:List*', 's3:Describe*'],
  AmazonSNSFullAccess: ['sns:*'],
  AmazonSQSFullAccess: ['sqs:*'],
  AmazonSSMFullAccess: ['ssm:*'],
  AmazonSSMReadOnlyAccess: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'],
  AWSCodePipeline_FullAccess: ['codepipeline:*'],
  AWSLambda_FullAccess: ['lambda:*', 'states:DescribeStateMachine', 'states:ListStateMachines'],
  AWSStepFunctionsFullAccess: ['states:*'],
  AWSXRayDaemonWriteAccess: [],
  CloudWatchLambdaInsightsExecutionRolePolicy: [],
  SecretsManagerReadWrite: ['secretsmanager:*'],
  'service-role/AWSLambdaBasicExecutionRole': [],
  'service-role/AWSLambdaRole': ['lambda:InvokeFunction'],
  'service-role/AWSLambdaSQSQueueExecutionRole': ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  'service-role/AWSLambdaVPCAccessExecutionRole': [],
};

const prefix = 'arn:aws:iam::aws:policy/';

/** Whether an ARN is that of a policy that AWS wrote. */
export function isAwsManaged(arn: string): boolean {
  return arn.startsWith(prefix);
}

/** A policy that AWS wrote, as far as it matters here; undefined for one that is not known here and so not evaluated. */
export function findAwsManagedPolicy(arn: string): Policy | undefined {
  const actions = actionsByName[arn.slice(prefix.length)];
  if (!isAwsManaged(arn) || !actions) return undefined;
  return compilePolicy({ Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }] });
}
