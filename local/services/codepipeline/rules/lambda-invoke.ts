import { ruleType, type RuleProvider } from './rule.ts';

/** LambdaInvoke: a job like that of a Lambda action, ended by PutJobSuccessResult or PutJobFailureResult. */
export const lambdaInvokeRule: RuleProvider = {
  type: ruleType('LambdaInvoke'),
  configuration: { FunctionName: 'required', UserParameters: 'optional' },
  evaluate: async () => ({ kind: 'job' }),
};
