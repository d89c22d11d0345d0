import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Artifact, ExecutionMode, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { LambdaInvokeAction, S3SourceAction, S3Trigger } from 'aws-cdk-lib/aws-codepipeline-actions';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { machineDefinition } from './machine.ts';

/** A bit of everything that can be interrupted. */
export class BusyStack extends Stack {
  constructor(scope: Construct, id: string, codeFolder: string) {
    super(scope, id);
    const table = new TableV2(this, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
    const bucket = new Bucket(this, 'Bucket', { versioned: true, removalPolicy: RemovalPolicy.DESTROY });
    const worker = this.#function('Worker', codeFolder, table);
    this.#queue('Plain');
    const tokens = this.#queue('Tokens');
    const topic = new Topic(this, 'Topic');
    topic.addSubscription(new SqsSubscription(this.#queue('Published'), { rawMessageDelivery: true }));
    topic.addSubscription(new LambdaSubscription(worker));
    const bus = new EventBus(this, 'Bus');
    const piece = RuleTargetInput.fromObject({ piece: EventField.fromPath('$.detail.piece') });
    new Rule(this, 'ToldWork', {
      eventBus: bus,
      eventPattern: { source: ['simulation'] },
      targets: [new LambdaTarget(worker, { event: piece })],
    });
    new Rule(this, 'ToldEnds', {
      eventPattern: { source: ['aws.states', 'aws.codepipeline'] },
      targets: [new SqsQueue(this.#queue('Ends'))],
    });
    const machine = this.#machine(worker, tokens, table);
    for (const mode of [ExecutionMode.PARALLEL, ExecutionMode.QUEUED]) this.#pipeline(mode, bucket, codeFolder, table);
    const scheduling = new Role(this, 'Scheduling', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    worker.grantInvoke(scheduling);
    this.#output('Table', table.tableName);
    this.#output('Bucket', bucket.bucketName);
    this.#output('Topic', topic.topicArn);
    this.#output('Bus', bus.eventBusName);
    this.#output('Machine', machine.stateMachineArn);
    this.#output('Worker', worker.functionArn);
    this.#output('Scheduling', scheduling.roleArn);
  }

  #function(id: string, codeFolder: string, table: TableV2): LambdaFunction {
    const made = new LambdaFunction(this, id, {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(codeFolder),
      timeout: Duration.seconds(30),
      environment: { TABLE: table.tableName },
    });
    table.grantWriteData(made);
    return made;
  }

  /** What a killed process had received is seen again after a second. */
  #queue(id: string): Queue {
    const queue = new Queue(this, id, { visibilityTimeout: Duration.seconds(1) });
    this.#output(`${id}Queue`, queue.queueUrl);
    return queue;
  }

  #machine(worker: LambdaFunction, tokens: Queue, table: TableV2): StateMachine {
    const definition = machineDefinition(worker.functionArn, tokens.queueUrl, table.tableName);
    const machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromString(this.toJsonString(definition)),
    });
    worker.grantInvoke(machine);
    tokens.grantSendMessages(machine);
    table.grantWriteData(machine);
    return machine;
  }

  #pipeline(mode: ExecutionMode, bucket: Bucket, codeFolder: string, table: TableV2): void {
    const job = this.#function(`Job${mode}`, codeFolder, table);
    const source = new Artifact('Source');
    const invoke = (actionName: string): LambdaInvokeAction =>
      new LambdaInvokeAction({ actionName, lambda: job, inputs: [source] });
    const read = new S3SourceAction({
      actionName: 'Read',
      // CDK's classes declare optional members that may be undefined, its interfaces do not.
      bucket: bucket as IBucket,
      bucketKey: 'source.zip',
      output: source,
      trigger: S3Trigger.NONE,
    });
    const pipeline = new Pipeline(this, `Pipeline${mode}`, {
      pipelineType: PipelineType.V2,
      executionMode: mode,
      crossAccountKeys: false,
      stages: [
        { stageName: 'Source', actions: [read] },
        { stageName: 'Both', actions: [invoke('One'), invoke('Two')] },
        { stageName: 'Last', actions: [invoke('Three')] },
      ],
    });
    this.#output(`Pipeline${mode}`, pipeline.pipelineName);
  }

  #output(id: string, value: string): void {
    new CfnOutput(this, `${id}Output`, { value }).overrideLogicalId(`${id}Out`);
  }
}
