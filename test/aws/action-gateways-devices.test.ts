import {
  CreateUploadCommand,
  DeviceFarmClient,
  GetRunCommand,
  GetUploadCommand,
  ListRunsCommand,
  ScheduleRunCommand,
  StopRunCommand,
} from '@aws-sdk/client-device-farm';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGateway } from '../../shared/aws/gateways/devices.ts';
import { putFile } from '../../shared/aws/put-file.ts';
import { webServer, type WebReply, type WebServer } from '../support/web-server.ts';

// Answers as in https://docs.aws.amazon.com/devicefarm/latest/developerguide/api-ref.html (uploads) and
// https://docs.aws.amazon.com/devicefarm/latest/APIReference/API_GetRun.html (runs).
const projectArn = 'arn:aws:devicefarm:us-west-2:123456789101:project:5e01a8c7-c861-4c0a-b1d5-12345EXAMPLE';
const uploadArn = 'arn:aws:devicefarm:us-west-2:123456789101:upload:5e01a8c7-c861-4c0a-b1d5-12345EXAMPLE/4f4e7-EXAMPLE';
const runArn = 'arn:aws:devicefarm:us-west-2:123456789101:run:5e01a8c7-c861-4c0a-b1d5-12345EXAMPLE/0fcac17b-EXAMPLE';
const devicePoolArn = 'arn:aws:devicefarm:us-west-2::devicepool:082d10e5-d7d7-48a5-ba5c-b33d66efa1f5';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
const regions: string[] = [];
const client = new DeviceFarmClient({ region: 'us-west-2', credentials });
const mock = mockClient(client);
const devices = openGateway((region) => {
  regions.push(region);
  return client;
});
const { signal } = new AbortController();

let storage: WebServer;
let reply: (count: number) => WebReply;
beforeEach(async () => {
  mock.reset();
  reply = () => ({ status: 200 });
  storage = await webServer((_request, count) => reply(count));
});
afterEach(() => storage.close());

const refusal = (name: string): Error =>
  Object.assign(new Error('from AWS'), { name, $metadata: { httpStatusCode: 400 } });

describe('Device Farm for actions', () => {
  it('is asked in the region of the ARN', async () => {
    mock.on(StopRunCommand).resolves({});
    await devices.stop(runArn);
    expect(regions.at(-1)).toBe('us-west-2');
  });

  it('takes a file at the URL that it has signed', async () => {
    const url = `${storage.url}/prod-us-west-2-uploads/my_sample_app.apk?X-Amz-Signature=EXAMPLE`;
    mock.on(CreateUploadCommand).resolves({ upload: { arn: uploadArn, status: 'INITIALIZED', url } });
    const file = { projectArn, name: 'my_sample_app.apk', type: 'ANDROID_APP' as const, content: Buffer.from('app') };
    expect(await devices.upload(file, signal)).toBe(uploadArn);
    expect(mock.commandCalls(CreateUploadCommand)[0]?.args[0].input).toEqual({
      ...{ projectArn, name: 'my_sample_app.apk', type: 'ANDROID_APP', contentType: 'application/octet-stream' },
    });
    expect(storage.requests).toMatchObject([
      { method: 'PUT', text: 'app', headers: { 'content-length': '3', 'content-type': 'application/octet-stream' } },
    ]);
  });

  it.each([
    [{ status: 'INITIALIZED' as const }, { status: 'pending' }],
    [{ status: 'PROCESSING' as const }, { status: 'pending' }],
    [{ status: 'SUCCEEDED' as const }, { status: 'ready' }],
    [
      { status: 'FAILED' as const, name: 'tests.zip', message: 'There was no package.json in it.' },
      { status: 'refused', reason: 'tests.zip: There was no package.json in it.' },
    ],
  ])('tells an upload %j', async (upload, expected) => {
    mock.on(GetUploadCommand, { arn: uploadArn }).resolves({ upload: { arn: uploadArn, ...upload } });
    expect(await devices.seeUpload(uploadArn)).toMatchObject(expected);
  });

  it('schedules a run', async () => {
    mock.on(ScheduleRunCommand).resolves({ run: { arn: runArn, status: 'SCHEDULING' } });
    const run = { projectArn, devicePoolArn, name: 'slipway-job-1', appArn: uploadArn, testType: 'APPIUM_NODE' };
    const more = { testPackageArn: `${uploadArn}2`, testSpecArn: undefined, deviceMinutes: 30 };
    expect(await devices.schedule({ ...run, ...more })).toBe(runArn);
    expect(mock.commandCalls(ScheduleRunCommand)[0]?.args[0].input).toEqual({
      ...{ projectArn, devicePoolArn, name: 'slipway-job-1', appArn: uploadArn },
      test: { type: 'APPIUM_NODE', testPackageArn: `${uploadArn}2` },
      executionConfiguration: { jobTimeoutMinutes: 30 },
    });
  });

  it('finds a run by its name, over pages, and gives up after ten', async () => {
    mock.on(ListRunsCommand, { arn: projectArn }).resolves({ runs: [{ name: 'other', arn: 'x' }], nextToken: 'more' });
    mock.on(ListRunsCommand, { arn: projectArn, nextToken: 'more' }).resolvesOnce({
      runs: [{ name: 'slipway-job-1', arn: runArn }],
    });
    expect(await devices.findRun(projectArn, 'slipway-job-1')).toBe(runArn);
    mock.reset();
    mock.on(ListRunsCommand).resolves({ runs: [], nextToken: 'more' });
    expect(await devices.findRun(projectArn, 'slipway-job-1')).toBeUndefined();
    expect(mock.commandCalls(ListRunsCommand)).toHaveLength(10);
  });

  it('tells how a run stands', async () => {
    const counters = { total: 9, passed: 6, failed: 1, warned: 0, errored: 0, stopped: 0, skipped: 2 };
    mock.on(GetRunCommand).resolves({
      run: { arn: runArn, status: 'COMPLETED', result: 'FAILED', counters, completedJobs: 3, totalJobs: 3 },
    });
    expect(await devices.seeRun(runArn)).toEqual({
      ...{ arn: runArn, hasEnded: true, result: 'failed', message: undefined },
      ...{ counts: counters, doneDeviceCount: 3, deviceCount: 3 },
    });
    mock.on(GetRunCommand).resolves({ run: { arn: runArn, status: 'PENDING_CONCURRENCY', result: 'PENDING' } });
    expect(await devices.seeRun(runArn)).toMatchObject({ hasEnded: false, counts: { total: 0 } });
  });

  it.each([
    ['NotFoundException', { type: 'ConfigurationError', message: /has no run/ }],
    ['ArgumentException', { type: 'ConfigurationError', message: /takes no such run/ }],
    ['LimitExceededException', { type: 'SystemUnavailable', message: /at a limit/ }],
    ['ServiceAccountException', { type: 'PermissionError', message: /this account/ }],
    ['AccessDeniedException', { type: 'PermissionError', message: /may not use run/ }],
    ['ThrottlingException', { name: 'ServiceUnavailable', message: /throttled/ }],
  ])('tells %s', async (name, { message, ...kind }) => {
    mock.on(GetRunCommand).rejects(refusal(name));
    await expect(devices.seeRun(runArn)).rejects.toMatchObject({ ...kind, message: expect.stringMatching(message) });
  });
});

describe('a file for a signed URL', () => {
  const pause = async (): Promise<void> => undefined;
  const put = (): Promise<void> =>
    putFile({ name: 'app.apk', url: `${storage.url}/?Signature=s3cr3t`, content: Buffer.from('app') }, signal, {
      pause,
    });

  it('is put again when the storage fails or hangs up', async () => {
    reply = (count) => (count === 1 ? { status: 503 } : count === 2 ? 'none' : { status: 200 });
    await put();
    expect(storage.requests).toHaveLength(3);
  });

  it.each([
    ['refuses it', { status: 403 }, 1, /its storage answered 403/],
    ['goes on failing', { status: 500 }, 3, /its storage answered 500/],
    ['never answers', 'none' as const, 3, /gave no answer/],
  ])('fails when the storage %s, without the URL', async (_what, answer, requestCount, message) => {
    reply = () => answer;
    const failure: unknown = await put().catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ type: 'SystemUnavailable', message: expect.stringMatching(message) });
    expect(String(failure)).not.toMatch(/s3cr3t|127\.0\.0\.1/);
    expect(storage.requests).toHaveLength(requestCount);
  });
});
