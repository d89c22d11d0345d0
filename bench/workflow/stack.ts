import { join } from 'node:path';
import { Duration, type Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { buildSync } from 'esbuild';
import { workflowDefinition } from './definition.ts';

/** Puts what the workflow needs in the stack, with code bundled below `folder`. @returns what the bench has to know */
export function buildWorkflow(stack: Stack, folder: string): Record<string, string> {
  const table = new TableV2(stack, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  const queue = new Queue(stack, 'Queue');
  const topic = new Topic(stack, 'Topic');
  topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
  const step = lambda(stack, folder, 'step', { TABLE: table.tableName, TOPIC: topic.topicArn });
  table.grantWriteData(step);
  topic.grantPublish(step);
  const definition = stack.toJsonString(workflowDefinition(step.functionArn));
  const machine = new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromString(definition) });
  step.grantInvoke(machine);
  const webhook = lambda(stack, folder, 'webhook', { MACHINE: machine.stateMachineArn });
  machine.grantStartExecution(webhook);
  const api = new HttpApi(stack, 'Api');
  const integration = new HttpLambdaIntegration('Webhook', webhook);
  api.addRoutes({ path: '/start', methods: [HttpMethod.POST], integration });
  return { queueUrl: queue.queueUrl, startUrl: `${api.apiEndpoint}/start` };
}

function lambda(stack: Stack, folder: string, name: string, environment: Record<string, string>): LambdaFunction {
  const code = join(folder, name);
  buildSync({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    outfile: join(code, 'index.js'),
  });
  return new LambdaFunction(stack, name, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(code),
    timeout: Duration.minutes(1),
    environment,
  });
}
