import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** A queue that keeps what could not be delivered for 14 days (SQS's most), encrypted with the installation's key. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, props: { encryptionKey: IKey }) {
    super(scope, id, {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.encryptionKey,
    });
    acknowledge(this, {
      SQS3: 'this is a dead-letter queue; rules, functions and subscriptions name it, which the rule does not see',
    });
  }
}
