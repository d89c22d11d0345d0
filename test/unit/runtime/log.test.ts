import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { testJobEvent } from '../../../shared/actions/testing/testing.ts';
import variableCheck from '../../../shared/actions/variable-check/run.ts';
import { jobHandler } from '../../../shared/runtime/job.ts';
import { log, logInvocation } from '../../../shared/runtime/log.ts';

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('writes one line of JSON with the invocation it belongs to', () => {
  vi.stubEnv('_X_AMZN_TRACE_ID', 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1');
  logInvocation({ functionName: 'plan', awsRequestId: 'request-1' });
  log.info('planned', { releaseId: 'r-1', isDuplicate: undefined });
  log.warn('slow');
  expect(lines).toEqual([
    {
      level: 'INFO',
      message: 'planned',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      service: 'slipway',
      function_name: 'plan',
      function_request_id: 'request-1',
      xray_trace_id: '1-5759e988-bd862e3fe1be46a994272793',
      releaseId: 'r-1',
    },
    expect.objectContaining({ level: 'WARN', message: 'slow', function_request_id: 'request-1' }),
  ]);
});

it('writes an error with its name, its stack and what caused it', () => {
  log.error('failed', new TypeError('no table', { cause: new RangeError('too far') }), { table: 'releases' });
  expect(lines[0]).toMatchObject({
    level: 'ERROR',
    message: 'failed',
    table: 'releases',
    error: {
      name: 'TypeError',
      message: 'no table',
      stack: expect.stringContaining('log.test.ts'),
      cause: { name: 'RangeError', message: 'too far' },
    },
  });
});

it('writes an error that caused itself', () => {
  const error = new Error('a circle');
  error.cause = error;
  log.error('failed', error);
  expect(lines).toHaveLength(1);
});

it('names the invocation on the lines of a job', async () => {
  const handler = jobHandler(variableCheck, () => {
    log.info('composed');
    throw new Error('enough');
  });
  const context = { functionName: 'check', awsRequestId: 'request-2' } as Context; // what the chain reads of it
  await expect(handler(testJobEvent(), context)).rejects.toThrow('enough');
  expect(lines[0]).toMatchObject({ message: 'composed', function_name: 'check', function_request_id: 'request-2' });
});

it('writes what was thrown and is no error', () => {
  log.error('failed', 'just text');
  expect(lines[0]).toMatchObject({ error: { name: 'Error', message: 'just text' } });
});
