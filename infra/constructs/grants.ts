import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { allow } from './function.ts';

/** Where the SSM parameters of services lie. */
export const servicesPrefix = '/slipway/services/';

/** Answering a job: these two know no narrower resource. */
export const answerJobs = allow(['codepipeline:PutJobSuccessResult', 'codepipeline:PutJobFailureResult'], ['*']);

/**
 * What actions read and write of the table (`shared/state/table.ts`), as beginnings of partition keys: their jobs, what they
 * have done, the progress of their releases, and for those that wait the waits of long jobs. Slots, sources, approvals and other
 * waits are not for them, whoever wrote them.
 */
export const actionItems = {
  every: ['job/', 'long-job/', 'effects/', 'pipeline-execution/', 'release/'],
  waiting: ['long-job-event/', 'wait/long-job/'],
} as const;

/** What Slipway's functions may do, by what they do it to. */
export interface Grants {
  /** Reads and writes: a transaction is authorized by these single actions. Nothing of Slipway deletes. */
  readonly useTable: PolicyStatement[];
  /** The same, of what an action's function reads and writes. */
  useItemsOfActions(action: { readonly mayWait: boolean }): PolicyStatement[];
  readonly readTable: PolicyStatement[];
  readonly readIndex: PolicyStatement[];
  readonly publish: PolicyStatement[];
  readonly readServices: PolicyStatement[];
  readSecret(secret: Secret): PolicyStatement[];
}

const uses = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'];

/** The statements of one installation. */
export function grantsOf(scope: Construct, on: { table: Table; key: IKey; bus: EventBus }): Grants {
  const { table, key, bus } = on;
  const stack = Stack.of(scope);
  // Who may read a path may read all below it (Systems Manager, "Restricting access to parameters using IAM policies").
  const services = stack.formatArn({ service: 'ssm', resource: `parameter${servicesPrefix.slice(0, -1)}` });
  const useKey = allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]);
  const decrypt = allow(['kms:Decrypt'], [key.keyArn]);
  return {
    useTable: [allow(uses, [table.tableArn]), useKey],
    useItemsOfActions({ mayWait }) {
      const partitions = [...actionItems.every, ...(mayWait ? actionItems.waiting : [])].map((start) => `${start}*`);
      // Each of these calls names partitions; of one that does not, such as Scan, the condition holds.
      const condition = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } };
      return [allow(uses, [table.tableArn], condition), useKey];
    },
    readTable: [allow(['dynamodb:GetItem', 'dynamodb:Query'], [table.tableArn]), decrypt],
    readIndex: [allow(['dynamodb:Query'], [`${table.tableArn}/index/gsi1`])],
    publish: [allow(['events:PutEvents'], [bus.eventBusArn])],
    readServices: [allow(['ssm:GetParametersByPath'], [services])],
    readSecret: (secret) => [allow(['secretsmanager:GetSecretValue'], [secret.secretArn]), decrypt],
  };
}
