import { expect, test } from 'vitest';
import type { Json } from '../../../local/json.ts';
import { proxyResponse } from '../../../local/services/apigateway/proxy-response.ts';

const json = { 'content-type': 'application/json' };

test.each<[Json, string]>([
  ['Hello from Lambda!', 'Hello from Lambda!'],
  [{ message: 'Hello' }, '{"message":"Hello"}'],
  [[1, 2], '[1,2]'],
  [null, 'null'],
])('[apigateway.response.inferred] a payload without a status, %j, is the body of a 200 in JSON', (payload, body) => {
  expect(proxyResponse(payload)).toEqual({ status: 200, headers: json, body });
});

test('an answer with a status is taken as it is', () => {
  const payload = {
    statusCode: 202,
    headers: { 'X-One': 1, Connection: 'close' },
    cookies: ['a=1', 'b=2'],
    body: 'text',
  };
  expect(proxyResponse(payload)).toEqual({
    status: 202,
    headers: { 'x-one': '1', 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/plain;charset=UTF-8' },
    body: 'text',
  });
});

test('[apigateway.response.base64] a body in base64 is sent as its bytes', () => {
  const response = proxyResponse({
    statusCode: 200,
    headers: { 'content-type': 'image/png' },
    body: 'AP8=',
    isBase64Encoded: true,
  });
  expect(response?.body).toEqual(new Uint8Array([0, 255]));
});

test.each<[string, Json]>([
  ['a status that is no number', { statusCode: 'ok' }],
  ['a status out of range', { statusCode: 99 }],
  ['a body that is no text', { statusCode: 200, body: { a: 1 } }],
  ['headers that are a list', { statusCode: 200, headers: [] }],
  ['a header with a line break', { statusCode: 200, headers: { a: 'x\r\nb: y' } }],
  ['a header that is an object', { statusCode: 200, headers: { a: {} } }],
  ['a base64 mark that is text', { statusCode: 200, isBase64Encoded: 'true' }],
])('[apigateway.integration.failed] refuses an answer with %s', (_what, payload) => {
  expect(proxyResponse(payload)).toBeUndefined();
});
