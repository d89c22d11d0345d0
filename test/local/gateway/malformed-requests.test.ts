import * as codepipeline from '@aws-sdk/client-codepipeline';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineService } from '../../../local/gateway/service.ts';
import { sha256, signatureOf } from '../../../local/gateway/signing/signature-v4.ts';
import { gatewayOverHttp, type GatewayOverHttp } from '../../support/gateway-over-http.ts';

const services = [
  defineService<codepipeline.CodePipeline>({
    name: 'codepipeline',
    schemas: codepipeline,
    protocol: { kind: 'json', version: '1.1' },
    operations: { StartPipelineExecution: () => ({ pipelineExecutionId: 'e' }), GetPipelineState: () => ({}) },
  }),
  defineService<dynamodb.DynamoDB>({
    name: 'dynamodb',
    schemas: dynamodb,
    protocol: { kind: 'json', version: '1.0' },
    operations: { PutItem: () => ({}) },
  }),
  defineService<sqs.SQS>({
    name: 'sqs',
    schemas: sqs,
    protocol: { kind: 'json', version: '1.0' },
    operations: { SendMessage: () => ({}) },
  }),
  defineService<sns.SNS>({
    name: 'sns',
    schemas: sns,
    protocol: { kind: 'query', xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/' },
    operations: { Publish: () => ({ MessageId: 'm' }), PublishBatch: () => ({}) },
  }),
  defineService<lambda.Lambda>({
    name: 'lambda',
    schemas: lambda,
    protocol: { kind: 'rest-json' },
    operations: {
      Invoke: () => ({ StatusCode: 200 }),
      CreateAlias: () => ({}),
      ListFunctions: () => ({ Functions: [] }),
    },
  }),
  defineService<s3.S3>({
    name: 's3',
    schemas: s3,
    protocol: { kind: 'rest-xml', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
    operations: {
      PutObject: () => ({}),
      DeleteObjects: () => ({}),
      PutBucketVersioning: () => ({}),
      ListObjectsV2: () => ({}),
    },
  }),
];

let cloud: GatewayOverHttp;
beforeAll(async () => {
  cloud = await gatewayOverHttp(services);
});
afterAll(() => cloud.close());

interface Sent {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

function send({ service, method = 'POST', path = '/', headers = {}, body }: Sent): Promise<Response> {
  const { accessKeyId, secretAccessKey } = cloud.client.credentials;
  const { pathname, search } = new URL(path, cloud.endpoint);
  const content = body === undefined || method === 'GET' ? undefined : body;
  const scope = { accessKeyId, date: '20260105', region: 'us-east-1', service, isPresigned: false };
  const dated = { ...headers, 'x-amz-date': '20260105T090000Z' };
  const wire = { method, path: pathname, query: search.slice(1), headers: dated, body: new Uint8Array(), sourceIp: '' };
  const signature = signatureOf(wire, {
    ...{ scope, secretAccessKey, date: dated['x-amz-date'], signedHeaders: ['x-amz-date'] },
    payloadHash: headers['x-amz-content-sha256'] ?? sha256(content ?? ''),
  });
  const credential = `${accessKeyId}/20260105/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=x-amz-date, Signature=${signature}`;
  return fetch(`${cloud.endpoint}${path}`, {
    method,
    headers: { ...dated, authorization },
    ...(content !== undefined && { body: content }),
  });
}

const target = (operation: string): Record<string, string> => ({ 'x-amz-target': `Any.${operation}` });

test.each<[string, Sent, number, string]>([
  [
    'JSON that is not JSON',
    { service: 'codepipeline', headers: target('GetPipelineState'), body: '{' },
    400,
    'SerializationException',
  ],
  [
    'JSON that is not UTF-8',
    { service: 'codepipeline', headers: target('GetPipelineState'), body: new Uint8Array([0x22, 0xff, 0x22]) },
    400,
    'SerializationException',
  ],
  [
    'a list for a structure',
    { service: 'codepipeline', headers: target('GetPipelineState'), body: '[]' },
    400,
    'SerializationException',
  ],
  [
    'a number for a string',
    { service: 'codepipeline', headers: target('GetPipelineState'), body: '{"name":1}' },
    400,
    "SerializationException.*'name' must be a string, got a number",
  ],
  [
    'a missing member',
    { service: 'codepipeline', headers: target('GetPipelineState'), body: '{}' },
    400,
    "ValidationException.*1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
  ],
  [
    'a missing member in a list',
    {
      service: 'codepipeline',
      headers: target('StartPipelineExecution'),
      body: '{"name":"a","variables":[{"name":"b"}]}',
    },
    400,
    "Value null at 'variables\\.1\\.member\\.value'",
  ],
  [
    'an unknown operation',
    { service: 'codepipeline', headers: target('Nothing'), body: '{}' },
    400,
    'UnknownOperationException',
  ],
  [
    'a blob that is not base64',
    { service: 'dynamodb', headers: target('PutItem'), body: '{"TableName":"t","Item":{"a":{"B":"?"}}}' },
    400,
    'SerializationException',
  ],
  [
    'a very deep value',
    {
      service: 'dynamodb',
      headers: target('PutItem'),
      body: `{"TableName":"t","Item":{"a":${'{"L":['.repeat(5_000)}${']}'.repeat(5_000)}}}`,
    },
    400,
    'SerializationException',
  ],
  [
    'a missing parameter of SQS',
    { service: 'sqs', headers: target('SendMessage'), body: '{"QueueUrl":"u"}' },
    400,
    'MissingParameter.*The request must contain the parameter MessageBody',
  ],
  ['a form without an action', { service: 'sns', body: 'a=b' }, 400, '<Code>MissingAction</Code>'],
  ['a form with an unknown action', { service: 'sns', body: 'Action=Nothing' }, 400, '<Code>InvalidAction</Code>'],
  [
    'a form with a missing parameter',
    { service: 'sns', body: 'Action=Publish&TopicArn=a' },
    400,
    "<Code>ValidationError</Code>.*Value null at 'message'",
  ],
  [
    'a form with text for a structure',
    { service: 'sns', body: 'Action=PublishBatch&TopicArn=a&PublishBatchRequestEntries=x' },
    400,
    '<Code>MalformedInput</Code>',
  ],
  ['a path that means nothing', { service: 'lambda', path: '/2015-03-31/nothing' }, 404, 'UnknownOperationException'],
  [
    'REST JSON that is not JSON',
    { service: 'lambda', path: '/2015-03-31/functions/f/aliases', body: 'x' },
    400,
    'SerializationException',
  ],
  [
    'REST JSON with a missing member',
    { service: 'lambda', path: '/2015-03-31/functions/f/aliases', body: '{"Name":"a"}' },
    400,
    "ValidationException.*Value null at 'functionVersion'",
  ],
  [
    'a query parameter that is no number',
    { service: 'lambda', method: 'GET', path: '/2015-03-31/functions?MaxItems=many' },
    400,
    'SerializationException',
  ],
  [
    'XML that is not XML',
    { service: 's3', method: 'PUT', path: '/b?versioning', body: '<VersioningConfiguration>' },
    400,
    '<Code>MalformedXML</Code>',
  ],
  [
    'XML of another root',
    { service: 's3', method: 'PUT', path: '/b?versioning', body: '<Other></Other>' },
    400,
    '<Code>MalformedXML</Code>',
  ],
  [
    'XML without what is required',
    { service: 's3', path: '/b?delete', body: '<Delete></Delete>' },
    400,
    '<Code>MalformedXML</Code>',
  ],
  ['a missing body', { service: 's3', path: '/b?delete' }, 400, '<Code>MalformedXML</Code>'],
  [
    'a query parameter of S3 that is no number',
    { service: 's3', method: 'GET', path: '/b?list-type=2&max-keys=x' },
    400,
    '<Code>InvalidArgument</Code>',
  ],
  ['a method that S3 has not', { service: 's3', method: 'PATCH', path: '/b/k' }, 405, '<Code>MethodNotAllowed</Code>'],
  [
    'chunks that do not add up',
    { service: 's3', method: 'PUT', path: '/b/k', headers: { 'content-encoding': 'aws-chunked' }, body: '5\r\nabc' },
    400,
    '<Code>IncompleteBody</Code>',
  ],
  [
    'a checksum that nobody here computes',
    { service: 's3', method: 'PUT', path: '/b/k', headers: { 'x-amz-checksum-xxhash3': 'AA==' }, body: 'a' },
    501,
    '<Code>NotImplemented</Code>',
  ],
])('[gateway.malformed] refuses %s', async (_what, sent, status, text) => {
  const response = await send(sent);
  expect(response.status).toBe(status);
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(`${response.headers.get('x-amzn-errortype') ?? ''} ${await response.text()}`).toMatch(new RegExp(text, 's'));
});
