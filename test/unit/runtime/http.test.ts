import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import {
  Conflict,
  Forbidden,
  InvalidInput,
  Misconfigured,
  NotFound,
  ServiceUnavailable,
  TooLarge,
  Unauthenticated,
} from '../../../shared/errors.ts';
import { onMessage } from '../../../shared/runtime/event.ts';
import { http, readJson, type HttpRequest } from '../../../shared/runtime/http.ts';
import { task } from '../../../shared/runtime/task.ts';

// The chains use nothing of the context but the time that is left and names for the log.
const context = { functionName: 'f', awsRequestId: 'id', getRemainingTimeInMillis: () => 1000 } as unknown as Context;
const event = {
  version: '2.0',
  routeKey: 'GET /api/releases/{id}',
  headers: {
    'X-Amzn-Trace-Id': 'Root=1-67891233-abcdef012345678912345678;Sampled=1',
    authorization: 'Bearer canary-credential',
  },
  pathParameters: { id: 'r-1' },
  requestContext: { requestId: 'request', http: { method: 'GET' }, authorizer: { lambda: { principal: 'ann' } } },
  isBase64Encoded: false,
};

let lines: string[];
beforeEach(() => {
  lines = [];
  const write = (chunk: unknown): boolean => lines.push(String(chunk)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  for (const level of ['log', 'info', 'warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(write);
});
afterEach(() => vi.restoreAllMocks());

describe('the chain behind a route', () => {
  it('reads the event and answers JSON', async () => {
    let seen: HttpRequest | undefined;
    const handler = http(async (request) => {
      seen = request;
      return { status: 202, body: { a: 1 } };
    });
    const body = Buffer.from([0xff, 0x00]).toString('base64');
    const result = await handler({ ...event, body, isBase64Encoded: true }, context);
    expect(result).toMatchObject({ statusCode: 202, body: '{"a":1}' });
    expect(seen).toMatchObject({
      path: { id: 'r-1' },
      traceId: '1-67891233-abcdef012345678912345678',
      authorizer: { principal: 'ann' },
    });
    expect([...seen!.body]).toEqual([0xff, 0x00]);
  });

  it.each([
    [new InvalidInput('x'), 400],
    [new Unauthenticated('x'), 401],
    [new Forbidden('x'), 403],
    [new NotFound('x'), 404],
    [new Conflict('x'), 409],
    [new TooLarge('x'), 413],
    [new Misconfigured('x'), 500],
    [new ServiceUnavailable('x'), 503],
  ])('turns %s into %i with its reason', async (error, status) => {
    const result = await http(() => Promise.reject(error))(event, context);
    expect(result).toMatchObject({ statusCode: status, body: JSON.stringify({ error: error.name, message: 'x' }) });
  });

  it('answers 500 without a word about what it did not expect', async () => {
    const result = await http(() => Promise.reject(new Error('inner secret')))(event, context);
    expect(result.statusCode).toBe(500);
    expect(result.body).not.toContain('inner');
  });

  it('refuses a body that is no JSON, and takes none for an empty object', async () => {
    const handler = http(async (request) => ({ status: 200, body: { read: readJson(request) } }));
    expect((await handler({ ...event, body: '{' }, context)).statusCode).toBe(400);
    expect((await handler(event, context)).body).toBe('{"read":{}}');
  });

  it('logs neither headers nor bodies, whatever happens', async () => {
    for (const error of [new InvalidInput('x'), new Error('y')]) {
      await http(() => Promise.reject(error))({ ...event, body: 'canary-body' }, context);
    }
    expect(lines.length).toBeGreaterThanOrEqual(2);
    expect(lines.join('\n')).not.toMatch(/canary/);
  });
});

describe('the chain of a task', () => {
  it('reads its input and hands the result on', async () => {
    const handler = task(z.object({ n: z.number() }), async ({ n }) => n + 1);
    expect(await handler({ n: 1, more: true }, context)).toBe(2);
  });

  it('refuses an input that does not fit, under a literal name and without its values', async () => {
    const handler = task(z.object({ n: z.number() }), async () => 1);
    await expect(handler({ n: 'canary' }, context)).rejects.toMatchObject({ name: 'InvalidInput' });
    expect(lines.join('\n')).not.toContain('canary');
  });

  it('lets an error out under its own name', async () => {
    const handler = task(z.unknown(), () => Promise.reject(new Conflict('busy')));
    await expect(handler({}, context)).rejects.toMatchObject({ name: 'Conflict', message: 'busy' });
  });
});

describe('the chain of a topic', () => {
  it('refuses a message that is no event', async () => {
    const handler = onMessage(async () => {});
    await expect(handler({ Records: [{ Sns: { Message: '{"type":"other"}' } }] }, context)).rejects.toThrow();
  });
});
