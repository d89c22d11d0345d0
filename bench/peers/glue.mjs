// What one would glue from aws-local-stepfunctions, dynalite and fauxqs: one process, everything in memory. Prints its
// place as JSON when it serves; `POST /start` starts a run.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { StateMachine } from 'aws-local-stepfunctions';
import dynalite from 'dynalite';
import { startFauxqs } from 'fauxqs';
import { taskNames, workflowDefinition } from '../workflow/definition.ts';

const region = 'us-east-1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'an example' };
const tables = dynalite({ createTableMs: 0 });
tables.listen(0, '127.0.0.1');
await once(tables, 'listening');
const dynamodbEndpoint = `http://127.0.0.1:${tables.address().port}`;
const queues = await startFauxqs({ port: 0, logger: false });
const queuesEndpoint = `http://127.0.0.1:${queues.port}`;

const dynamodb = new DynamoDB({ endpoint: dynamodbEndpoint, region, credentials });
await dynamodb.createTable({
  TableName: 'runs',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
});
queues.createQueue('messages');
const { topicArn } = queues.createTopic('runs');
queues.subscribe({ topic: 'runs', queue: 'messages', attributes: { RawMessageDelivery: 'true' } });

Object.assign(process.env, {
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  DYNAMODB_ENDPOINT: dynamodbEndpoint,
  SNS_ENDPOINT: queuesEndpoint,
  TABLE: 'runs',
  TOPIC: topicArn,
});
const { handler } = await import('../workflow/step.ts');
const machine = new StateMachine(workflowDefinition('arn:aws:lambda:us-east-1:123456789012:function:step'));
const taskResourceLocalHandlers = Object.fromEntries(taskNames().map((name) => [name, handler]));

const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const { run } = JSON.parse(Buffer.concat(parts).toString());
  const { result } = machine.run({ run }, { overrides: { taskResourceLocalHandlers } });
  result.catch((error) => console.error(error));
  response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ run }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const outputs = {
  queueUrl: `${queuesEndpoint}/000000000000/messages`,
  startUrl: `http://127.0.0.1:${server.address().port}/start`,
};
console.log(JSON.stringify({ endpoint: queuesEndpoint, region, credentials, outputs }));
