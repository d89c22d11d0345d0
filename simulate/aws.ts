import { CodePipeline } from '@aws-sdk/client-codepipeline';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SFN } from '@aws-sdk/client-sfn';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import type { Place } from './cloud-process.ts';

/** The clients of one cloud, as any program would make them. */
export interface Aws {
  readonly codepipeline: CodePipeline;
  readonly dynamodb: DynamoDB;
  readonly events: EventBridge;
  readonly lambda: Lambda;
  readonly s3: S3;
  readonly scheduler: Scheduler;
  readonly sfn: SFN;
  readonly sns: SNS;
  readonly sqs: SQS;
  /** An output of the stack. @throws Error if there is none of that name */
  output(name: string): string;
}

/** Clients that never try twice: what is not acknowledged at once stays in doubt. */
export function connect({ endpoint, region, credentials, outputs }: Place): Aws {
  const client = { endpoint, region, credentials: { ...credentials }, maxAttempts: 1 };
  return {
    codepipeline: new CodePipeline(client),
    dynamodb: new DynamoDB(client),
    events: new EventBridge(client),
    lambda: new Lambda(client),
    s3: new S3({ ...client, forcePathStyle: true }),
    scheduler: new Scheduler(client),
    sfn: new SFN(client),
    sns: new SNS(client),
    sqs: new SQS(client),
    output(name) {
      const value = outputs[`${name}Out`];
      if (value === undefined) throw new Error(`the stack has no output ${name}`);
      return value;
    },
  };
}
