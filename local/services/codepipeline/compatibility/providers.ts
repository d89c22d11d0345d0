import { guide, rulesOf } from './rules-of.ts';

/** What the kinds of actions do. */
export const providerRules = rulesOf({
  [guide('action-reference-CodestarConnectionSource')]: {
    'connection-source.outputs': 'It takes the tip of the branch, with its documented variables.',
    'connection-source.arn': 'ConnectionArn is the ARN of a connection.',
    'connection-source.commit-id': 'It takes the commit that the start asks for.',
  },
  [guide('action-reference-CodeCommit')]: {
    'codecommit-source.outputs': 'It takes the tip of the branch, with its documented variables.',
  },
  [guide('action-reference-ECR')]: {
    'ecr-source.event': 'It takes the image that was pushed last, with its documented variables.',
    'ecr-source.digest': 'It takes the image that the start asks for, and fails without any.',
  },
  [guide('action-reference-S3')]: {
    's3-source.outputs': 'It copies the zip to the artifact store and tells version and ETag.',
    's3-source.other-key': 'It takes another key where it allows that.',
  },
  [guide('action-reference-S3Deploy')]: {
    's3-deploy.extract': 'It unpacks every file below its key, with cache control and ACL.',
    's3-deploy.whole': 'It puts the zip itself where it does not extract.',
  },
  [guide('action-reference-StepFunctions')]: {
    'step-functions.follow': 'It starts an execution and ends with it.',
    'step-functions.literal': 'It passes the literal input and the name prefix.',
    'step-functions.file-path': 'It passes a file of the input artifact.',
    'step-functions.file-path-artifact': 'FilePath needs an input artifact.',
    'step-functions.file-path-input': 'FilePath needs an input.',
    'step-functions.input-type': 'The input type is Literal or FilePath.',
    'step-functions.output-artifact': 'It puts the output into the output artifact.',
    'step-functions.express': 'It only starts an Express state machine.',
    'step-functions.failure': 'It fails when the execution fails, times out or is aborted.',
  },
  [guide('limits')]: {
    'step-functions.timeout': 'It fails after 7 days.',
  },
  inferred: {
    'connection-source.format': 'Other formats than CODE_ZIP are refused by name.',
    'connection-source.mapped': 'A repository that no folder stands for is refused by name.',
    'connection-source.missing-branch': 'A branch that is not there fails the action with the words of git.',
    'provider.not-run': 'An action that is not run here is shown as such, never as succeeded, and the stage goes on.',
    'provider.not-run-artifact': 'An action whose input artifact was therefore not made fails.',
    'provider.refused': 'A provider that is not run here is refused at creation, by name.',
    's3-deploy.failures': 'A bucket that is not there fails the action.',
    's3-deploy.no-way-out': 'An artifact that leads out of its folder is refused.',
    's3-source.failures': 'A source that cannot be read fails the action with the reason.',
    'step-functions.abandoned': 'It leaves the execution running when it is abandoned.',
    'step-functions.poll': 'It sees the end without the event.',
    'step-functions.refused-start': 'It fails when the execution cannot be started.',
  },
});
