import { beforeEach, describe, expect, it } from 'vitest';
import { followPipeline } from '../../../shared/releases/follow.ts';
import { finishRelease } from '../../../shared/releases/finish.ts';
import { passSlotOn, takeSlot } from '../../../shared/releases/hand-over.ts';
import { launchRelease } from '../../../shared/releases/launch.ts';
import { pipelineEventSchema } from '../../../shared/releases/pipeline-event.ts';
import { planRelease, planSource } from '../../../shared/releases/plan.ts';
import { requestRelease } from '../../../shared/releases/request.ts';
import { readEntries, readRelease } from '../../../shared/state/event-log.ts';
import { recordSource } from '../../../shared/state/sources.ts';
import { readOutcome, registration } from '../../../shared/state/waits.ts';
import {
  actionEvent,
  aDomain,
  aRequest,
  commit,
  otherReleaseId,
  pipelineArn,
  pipelineEvent,
  releaseId,
  type Domain,
} from '../../support/domain.ts';

let domain: Domain;
beforeEach(() => (domain = aDomain()));

const request = (changes: Parameters<typeof aRequest>[0] = {}, workflow = 'arn:1') =>
  requestRelease(domain, aRequest(changes), workflow);
const follow = (event: unknown): Promise<void> => followPipeline(domain, pipelineEventSchema.parse(event));
const typesOf = async (id = releaseId): Promise<string[]> =>
  (await readEntries(domain.store, id, { after: 0, limit: 100 })).map(({ event }) => event.type);
const viewOf = async (id = releaseId) => (await readRelease(domain.store, id))!.release;
const register = (key: string) =>
  domain.store.write(
    registration({ key, token: `token of ${key}`, execution: 'arn:1', registeredAt: '2026-01-05T09:00:00.000Z' }),
  );

describe('request', () => {
  it('gives the release to the first workflow, also when its task is tried again', async () => {
    expect(await request()).toMatchObject({ isDuplicate: false, releaseId, service: 'checkout', traceId: 'trace' });
    expect(await request()).toMatchObject({ isDuplicate: false });
    expect(await request({}, 'arn:2')).toMatchObject({ isDuplicate: true });
  });

  it("names a schedule's release after the schedule and its time", async () => {
    const schedule = (scheduledAt: string) => ({
      contract: 1 as const,
      type: 'release.requested' as const,
      service: 'checkout',
      cause: { kind: 'schedule' as const, schedule: 'nightly-checkout', scheduledAt },
      requestedBy: 'schedule/nightly-checkout',
    });
    const first = await requestRelease(domain, schedule('2026-01-05T02:00:00Z'), 'arn:1');
    expect(first.releaseId).toMatch(/^r-[0-9a-f]{32}$/);
    expect(await requestRelease(domain, schedule('2026-01-05T02:00:00Z'), 'arn:2')).toMatchObject({
      isDuplicate: true,
    });
    expect((await requestRelease(domain, schedule('2026-01-06T02:00:00Z'), 'arn:3')).releaseId).not.toBe(
      first.releaseId,
    );
  });

  it('refuses a webhook whose release id is missing', async () => {
    const { releaseId: id, ...without } = aRequest();
    expect(id).toBe(releaseId);
    await expect(requestRelease(domain, without, 'arn:1')).rejects.toMatchObject({ name: 'Misconfigured' });
  });
});

describe('plan', () => {
  it.each([
    [undefined, undefined, { kind: 'latest' }],
    [{ type: 'S3_OBJECT_VERSION_ID', value: 'v1' }, undefined, { kind: 'version', versionId: 'v1' }],
    [
      { type: 'COMMIT_ID', value: commit },
      { versionId: 'v2', waiting: [] },
      { kind: 'version', versionId: 'v2' },
    ],
    [{ type: 'COMMIT_ID', value: commit }, { waiting: [] }, { kind: 'missing', commit }],
  ] as const)('takes for revision %j with record %j: %j', (revision, record, plan) => {
    expect(planSource(revision, record)).toEqual(plan);
  });

  it('refuses an image digest, which no source bucket holds', () => {
    expect(() => planSource({ type: 'IMAGE_DIGEST', value: 'sha256:1' }, undefined)).toThrow(/allowed are COMMIT_ID/);
  });

  it('says what the release waits for, once', async () => {
    await request({ revision: { type: 'COMMIT_ID', value: commit } });
    const wait = `source/checkout/${commit}/${releaseId}`;
    expect(await planRelease(domain, releaseId)).toEqual({ isReady: false, wait, commit });
    expect(await planRelease(domain, releaseId)).toMatchObject({ isReady: false });
    expect(await typesOf()).toEqual(['release.requested', 'source.awaited']);
    expect(await recordSource(domain, { service: 'checkout', commit, versionId: 'v1' })).toMatchObject({
      waiting: [releaseId],
    });
    expect(await planRelease(domain, releaseId)).toEqual({ isReady: true });
  });

  it('refuses an unknown service and names those there are', async () => {
    await request({ service: 'billing' });
    await expect(planRelease(domain, releaseId)).rejects.toThrow('service billing is unknown; declared are: checkout');
  });
});

describe('the slot', () => {
  it('makes the second release wait, and the end of the first resume it', async () => {
    await request();
    await request({ releaseId: otherReleaseId }, 'arn:2');
    expect(await takeSlot(domain, releaseId, 'arn:1')).toEqual({ isHeld: true });
    const wait = `slot/checkout/${otherReleaseId}`;
    expect(await takeSlot(domain, otherReleaseId, 'arn:2')).toEqual({ isHeld: false, wait });
    expect(await viewOf(otherReleaseId)).toMatchObject({ status: 'queued' });
    await register(wait);
    await passSlotOn(domain, 'checkout', releaseId);
    expect(domain.resumed).toEqual([{ token: `token of ${wait}`, outcome: { contract: 1, status: 'held' } }]);
    expect(await takeSlot(domain, otherReleaseId, 'arn:2')).toEqual({ isHeld: true });
  });
});

describe('launch', () => {
  it('starts the pipeline once with the release id as its token, however often it is tried', async () => {
    await request();
    const wait = 'pipeline-execution/execution-1/1';
    expect(await launchRelease(domain, releaseId)).toEqual({ pipelineExecutionId: 'execution-1', wait });
    expect(await launchRelease(domain, releaseId)).toEqual({ pipelineExecutionId: 'execution-1', wait });
    expect(domain.started).toEqual([{ arn: pipelineArn, request: { token: releaseId } }]);
    expect(await typesOf()).toEqual(['release.requested', 'release.started']);
  });

  it("starts it with the stored version of the release's commit", async () => {
    await request({ revision: { type: 'COMMIT_ID', value: commit } });
    await expect(launchRelease(domain, releaseId)).rejects.toThrow(`no source for ${commit}; run slipway source put`);
    await recordSource(domain, { service: 'checkout', commit, versionId: 'v1' });
    await launchRelease(domain, releaseId);
    expect(domain.started[0]?.request.source).toEqual({ action: 'Source', versionId: 'v1' });
  });

  it('goes on where it died between the start and its record', async () => {
    await request();
    const { store } = domain;
    let isDead = true;
    const dying = {
      ...domain,
      store: {
        ...store,
        writeAll: (writes: never) => (isDead ? Promise.reject(new Error('killed')) : store.writeAll(writes)),
      },
    };
    await expect(launchRelease(dying, releaseId)).rejects.toThrow('killed');
    isDead = false;
    expect(await launchRelease(dying, releaseId)).toMatchObject({ pipelineExecutionId: 'execution-1' });
    expect(domain.started).toHaveLength(1);
  });

  it('takes in what the pipeline said before its release was known, the end included', async () => {
    await request();
    await follow(actionEvent('STARTED'));
    await follow(pipelineEvent('SUCCEEDED'));
    expect(await typesOf()).toEqual(['release.requested']);
    await launchRelease(domain, releaseId);
    expect(await typesOf()).toEqual(['release.requested', 'release.started', 'action.changed', 'pipeline.changed']);
    expect(await readOutcome(domain.store, 'pipeline-execution/execution-1/1')).toEqual({
      contract: 1,
      state: 'SUCCEEDED',
    });
  });
});

describe('follow', () => {
  beforeEach(async () => {
    await request();
    await launchRelease(domain, releaseId);
  });

  it('resumes the workflow with the end of the pipeline, once', async () => {
    await register('pipeline-execution/execution-1/1');
    const event = pipelineEvent('FAILED');
    await follow(event);
    await follow(event);
    expect(domain.resumed.map(({ outcome }) => outcome)).toEqual([{ contract: 1, state: 'FAILED' }]);
    expect((await typesOf()).filter((type) => type === 'pipeline.changed')).toHaveLength(1);
  });

  it('tells people that an approval waits', async () => {
    await follow(actionEvent('STARTED', { stage: 'Approve', action: 'Ask', category: 'Approval' }));
    expect(await viewOf()).toMatchObject({ status: 'awaiting-approval', approval: { action: 'Ask' } });
    expect(domain.published.at(-1)).toMatchObject({ type: 'approval.requested', releaseId });
  });

  it('records which revision the pipeline took, when the release named none', async () => {
    domain.executions.set('execution-1', {
      status: 'InProgress',
      revisions: [{ type: 'S3_OBJECT_VERSION_ID', value: 'v7' }],
    });
    await follow(actionEvent('SUCCEEDED', { stage: 'Source', action: 'Source', category: 'Source' }));
    expect((await viewOf()).revision).toEqual({ type: 'S3_OBJECT_VERSION_ID', value: 'v7' });
  });

  it('makes a retried stage the next attempt and records its end', async () => {
    await follow(pipelineEvent('FAILED', { time: '2026-01-05T09:01:00Z' }));
    await finishRelease(domain, releaseId, { kind: 'pipeline', state: 'FAILED' });
    await follow(pipelineEvent('RESUMED', { time: '2026-01-05T09:05:00Z' }));
    expect(await viewOf()).toMatchObject({ status: 'running', pipeline: { attempt: 2 } });
    await follow(pipelineEvent('SUCCEEDED', { time: '2026-01-05T09:06:00Z' }));
    expect(await viewOf()).toMatchObject({ status: 'succeeded' });
    expect(await readOutcome(domain.store, 'pipeline-execution/execution-1/2')).toMatchObject({ state: 'SUCCEEDED' });
  });

  it('ends the first attempt when its event comes behind the retry', async () => {
    await follow(pipelineEvent('RESUMED', { time: '2026-01-05T09:05:00Z' }));
    await follow(pipelineEvent('FAILED', { time: '2026-01-05T09:01:00Z' }));
    expect(await readOutcome(domain.store, 'pipeline-execution/execution-1/1')).toMatchObject({ state: 'FAILED' });
    expect(await readOutcome(domain.store, 'pipeline-execution/execution-1/2')).toBeUndefined();
  });
});

describe('finish', () => {
  beforeEach(async () => {
    await request();
    await takeSlot(domain, releaseId, 'arn:1');
    await launchRelease(domain, releaseId);
  });

  it('records success, frees the slot and tells people', async () => {
    expect(await finishRelease(domain, releaseId, { kind: 'pipeline', state: 'SUCCEEDED' })).toEqual({
      status: 'succeeded',
    });
    await request({ releaseId: otherReleaseId }, 'arn:2');
    expect(await takeSlot(domain, otherReleaseId, 'arn:2')).toEqual({ isHeld: true });
    expect(domain.published.map(({ type }) => type)).toEqual(['release.started', 'release.succeeded']);
  });

  it('names the action that failed, and why', async () => {
    await follow(actionEvent('FAILED', { summary: 'index.js:3 holds a key' }));
    await finishRelease(domain, releaseId, { kind: 'pipeline', state: 'FAILED' });
    expect((await viewOf()).failure).toEqual({ error: 'FAILED', reason: 'Scan/Scan: index.js:3 holds a key' });
  });

  it("tells the message of a function's error, not its stack", async () => {
    const cause = JSON.stringify({
      errorType: 'NotFound',
      errorMessage: 'service x is unknown',
      trace: ['at secret.ts'],
    });
    await finishRelease(domain, releaseId, { kind: 'error', error: 'NotFound', cause });
    expect((await viewOf()).failure).toEqual({ error: 'NotFound', reason: 'service x is unknown' });
  });

  it('keeps the first ending of an attempt', async () => {
    await finishRelease(domain, releaseId, { kind: 'pipeline', state: 'SUCCEEDED' });
    const second = await finishRelease(domain, releaseId, { kind: 'error', error: 'ABORTED', cause: 'late' });
    expect(second).toEqual({ status: 'succeeded' });
  });

  it('tells people nothing but the ending that is recorded', async () => {
    await finishRelease(domain, releaseId, { kind: 'pipeline', state: 'SUCCEEDED' });
    await finishRelease(domain, releaseId, { kind: 'error', error: 'ENDED', cause: 'a sweep that saw an old lease' });
    expect(domain.published.map(({ type }) => type)).not.toContain('release.failed');
  });
});
