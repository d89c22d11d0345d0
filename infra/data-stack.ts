import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { acknowledge } from './constructs/acknowledge.ts';
import { triggerDeclarations } from '../shared/triggers/registry.ts';

/** What must outlive any deployment: the table, the key, the topics and the secrets, all retained. */
export class DataStack extends Stack {
  readonly key: Key;
  readonly table: Table;
  /** Release events, for people and their tools. */
  readonly topic: Topic;
  /** Alarms on Slipway itself. */
  readonly operationsTopic: Topic;
  /** The bearer token of the API. */
  readonly apiTokenSecret: Secret;
  readonly #webhookSecrets = new Map<string, Secret>();

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, { description: 'Slipway: what it remembers', terminationProtection: true, ...props });
    this.key = this.#key();
    this.table = this.#table();
    this.topic = this.#topic('Topic', 'Slipway releases');
    this.operationsTopic = this.#topic('OperationsTopic', 'Slipway operations');
    this.#letAlarmsPublish(this.operationsTopic);
    for (const { id, secretDescription } of triggerDeclarations) {
      this.#webhookSecrets.set(id, this.#secret(`${id}WebhookSecret`, `Slipway: ${secretDescription}`));
    }
    this.apiTokenSecret = this.#secret('ApiToken', "Slipway: the API's bearer token");
  }

  /**
   * What signs a trigger's webhooks. Its previous version stays valid while a new one is rolled out.
   * @throws Error naming the triggers there are
   */
  webhookSecret(triggerId: string): Secret {
    const found = this.#webhookSecrets.get(triggerId);
    if (!found) throw new Error(`no trigger ${triggerId}; there are: ${[...this.#webhookSecrets.keys()].join(', ')}`);
    return found;
  }

  #key(): Key {
    const key = new Key(this, 'Key', {
      description: 'Slipway: table, topics, queues, secrets',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Without this, alarms and topics fail silently to publish. Rules are granted it where they name a topic, and without
    // this condition, which EventBridge does not meet (SNS developer guide, "Key management").
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsAndTopicsPublish',
        principals: ['cloudwatch', 'sns'].map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    return key;
  }

  #table(): Table {
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAtEpochSeconds',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: this.key,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    table.addGlobalSecondaryIndex({
      indexName: 'gsi1',
      partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
      sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
    });
    return table;
  }

  #topic(id: string, displayName: string): Topic {
    const topic = new Topic(this, id, { displayName, masterKey: this.key, enforceSSL: true });
    topic.applyRemovalPolicy(RemovalPolicy.RETAIN);
    return topic;
  }

  /** A topic with a policy of its own has lost the default one, which let every service of the account publish. */
  #letAlarmsPublish(topic: Topic): void {
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsPublish',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          ArnLike: { 'aws:SourceArn': this.formatArn({ service: 'cloudwatch', resource: 'alarm:*' }) },
        },
      }),
    );
  }

  #secret(id: string, description: string): Secret {
    const secret = new Secret(this, id, {
      description,
      encryptionKey: this.key,
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(secret, {
      SMG4: 'the other side of the secret is set by hand; the previous version stays valid while it is',
    });
    return secret;
  }
}
