import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../shared/log.ts';
import { followPipeline } from '../../../shared/releases/follow.ts';
import { takeSlot } from '../../../shared/releases/hand-over.ts';
import { launchRelease } from '../../../shared/releases/launch.ts';
import { pipelineEventSchema } from '../../../shared/releases/pipeline-event.ts';
import { planRelease } from '../../../shared/releases/plan.ts';
import { reconcile, type ReconcileReport } from '../../../shared/releases/reconcile.ts';
import { requestRelease } from '../../../shared/releases/request.ts';
import { finishRelease } from '../../../shared/releases/finish.ts';
import { settleWorkflow, workflowEventSchema } from '../../../shared/releases/settle.ts';
import { acquireSlot, freeSlot, readSlot } from '../../../shared/releases/slot.ts';
import { readRelease } from '../../../shared/state/event-log.ts';
import { recordSource } from '../../../shared/state/sources.ts';
import { registration, resolveWait } from '../../../shared/state/waits.ts';
import {
  aDomain,
  aRequest,
  commit,
  otherReleaseId,
  pipelineEvent,
  releaseId,
  type Domain,
} from '../../support/domain.ts';

let domain: Domain;
beforeEach(async () => {
  domain = aDomain();
  await requestRelease(domain, aRequest({ revision: { type: 'COMMIT_ID', value: commit } }), 'arn:1');
});

const run = (more: object = {}): Promise<ReconcileReport> => reconcile({ ...domain, log: silentLog, ...more });
const statusOf = async (id = releaseId) => (await readRelease(domain.store, id))?.release.status;
async function registerOld(key: string, execution = 'arn:1'): Promise<void> {
  await domain.store.write(
    registration({ key, token: key, execution, registeredAt: new Date(domain.clock.nowMs()).toISOString() }),
  );
  domain.clock.advance(4 * 60_000);
}

describe('reconcile', () => {
  it('resumes a workflow whose pipeline ended without an event', async () => {
    await recordSource(domain, { service: 'checkout', commit, versionId: 'v1' });
    const { wait } = await launchRelease(domain, releaseId);
    await registerOld(wait);
    domain.executions.set('execution-1', { status: 'InProgress', revisions: [] });
    await run();
    expect(domain.resumed).toEqual([]);
    domain.executions.set('execution-1', { status: 'Cancelled', revisions: [] });
    await run();
    expect(domain.resumed).toEqual([{ token: wait, outcome: { contract: 1, state: 'CANCELED' } }]);
    expect(await run()).toMatchObject({ waitCount: 0 });
  });

  it('has a wait of another kind settled when its workflow is no more, and forgets it', async () => {
    await registerOld('long-job/job-1', 'arn:gone');
    const settled: string[] = [];
    const orphans = { 'long-job': async (workflow: string) => void settled.push(workflow) };
    const workflows = { ...domain.workflows, statusOf: async () => 'ended' as const };
    await run({ workflows, orphans });
    expect(settled).toEqual(['arn:gone']);
    expect(await run({ workflows, orphans })).toMatchObject({ waitCount: 0 });
  });

  it('ends the attempt of a retried stage whose last event was lost', async () => {
    await recordSource(domain, { service: 'checkout', commit, versionId: 'v1' });
    await launchRelease(domain, releaseId);
    const follow = (event: unknown) => followPipeline(domain, pipelineEventSchema.parse(event));
    await follow(pipelineEvent('FAILED', { time: '2026-01-05T09:01:00Z' }));
    await finishRelease(domain, releaseId, { kind: 'pipeline', state: 'FAILED' });
    await follow(pipelineEvent('RESUMED', { time: '2026-01-05T09:05:00Z' }));
    domain.clock.advance(10 * 60_000);
    domain.executions.set('execution-1', { status: 'InProgress', revisions: [] });
    await run();
    expect(await statusOf()).toBe('running');
    domain.executions.set('execution-1', { status: 'Succeeded', revisions: [] });
    await run();
    expect(await statusOf()).toBe('succeeded');
    expect(await run()).toMatchObject({ waitCount: 0, failureCount: 0 });
  });

  it('leaves young waits to their events', async () => {
    const key = 'pipeline-execution/execution-1/1';
    await registerOld(key);
    domain.clock.advance(-2 * 60_000);
    expect(await run()).toMatchObject({ waitCount: 0 });
  });

  it('resumes a workflow whose source was recorded when the recorder died', async () => {
    const plan = await planRelease(domain, releaseId);
    await registerOld(plan.isReady ? '' : plan.wait);
    await run();
    expect(domain.resumed).toEqual([]);
    await recordSource(domain, { service: 'checkout', commit, versionId: 'v1' });
    await run();
    expect(domain.resumed).toMatchObject([{ outcome: { status: 'recorded', versionId: 'v1' } }]);
  });

  it('resumes a workflow whose slot was freed when whoever freed it died', async () => {
    await requestRelease(domain, aRequest({ releaseId: otherReleaseId }), 'arn:2');
    await takeSlot(domain, releaseId, 'arn:1');
    await takeSlot(domain, otherReleaseId, 'arn:2');
    await registerOld(`slot/checkout/${otherReleaseId}`, 'arn:2');
    await freeSlot(domain, 'checkout', releaseId);
    await run();
    expect(domain.resumed).toMatchObject([{ token: `slot/checkout/${otherReleaseId}` }]);
  });

  it('resumes a workflow whose outcome was stored when the resolver died', async () => {
    await registerOld('approval/1');
    const tasks = { succeed: () => Promise.reject(new Error('killed')) };
    await expect(resolveWait({ ...domain, tasks }, 'approval/1', { contract: 1 })).rejects.toThrow();
    await run();
    expect(domain.resumed).toEqual([{ token: 'approval/1', outcome: { contract: 1 } }]);
  });

  it('frees the slot of a workflow that ended, fails its release and tells the next', async () => {
    await requestRelease(domain, aRequest({ releaseId: otherReleaseId }), 'arn:2');
    await takeSlot(domain, releaseId, 'arn:1');
    await takeSlot(domain, otherReleaseId, 'arn:2');
    await registerOld(`slot/checkout/${otherReleaseId}`, 'arn:2');
    domain.ended.set('arn:1', 'ended');
    await run();
    expect(await statusOf()).toBe('failed');
    expect(domain.resumed).toMatchObject([{ token: `slot/checkout/${otherReleaseId}` }]);
    expect(await takeSlot(domain, otherReleaseId, 'arn:2')).toEqual({ isHeld: true });
  });

  it('fails the release of a wait whose workflow ended, and forgets the wait', async () => {
    const plan = await planRelease(domain, releaseId);
    await registerOld(plan.isReady ? '' : plan.wait);
    domain.ended.set('arn:1', 'unknown');
    await run();
    expect(await statusOf()).toBe('failed');
    expect(await run()).toMatchObject({ waitCount: 0 });
  });

  it('asks the truth that another noun declares', async () => {
    await registerOld('job/1');
    const asked: string[] = [];
    await run({ truths: { job: async ({ key }: { key: string }) => void asked.push(key) } });
    expect(asked).toEqual(['job/1']);
  });

  it('goes on when one of them fails', async () => {
    await registerOld('job/1');
    await registerOld('job/2');
    const truths = {
      job: async ({ key }: { key: string }) => {
        if (key === 'job/1') throw new Error('throttled');
      },
    };
    expect(await run({ truths })).toEqual({ waitCount: 2, slotCount: 0, failureCount: 1 });
  });
});

describe('settle', () => {
  const ended = (executionArn: string) =>
    workflowEventSchema.parse({
      time: '2026-01-05T09:10:00Z',
      detail: { executionArn, status: 'ABORTED', input: JSON.stringify(aRequest()), output: null },
    });

  it('fails the release of an aborted workflow and frees its slot', async () => {
    await takeSlot(domain, releaseId, 'arn:1');
    await settleWorkflow({ ...domain, log: silentLog }, ended('arn:1'));
    expect(await statusOf()).toBe('failed');
    await requestRelease(domain, aRequest({ releaseId: otherReleaseId }), 'arn:2');
    expect(await takeSlot(domain, otherReleaseId, 'arn:2')).toEqual({ isHeld: true });
  });

  it('takes a release that is aborted in the queue out of it, and the holder keeps the slot', async () => {
    await requestRelease(domain, aRequest({ releaseId: otherReleaseId }), 'arn:2');
    await takeSlot(domain, otherReleaseId, 'arn:2');
    await takeSlot(domain, releaseId, 'arn:1');
    await settleWorkflow({ ...domain, log: silentLog }, ended('arn:1'));
    expect(await readSlot(domain.store, 'checkout')).toMatchObject({
      holder: { releaseId: otherReleaseId },
      queue: [],
    });
  });

  it('tells people once of a release whose workflow recorded its failure and then failed', async () => {
    await takeSlot(domain, releaseId, 'arn:1');
    await finishRelease(domain, releaseId, { kind: 'error', error: 'NoSource', cause: 'no source' });
    await settleWorkflow({ ...domain, log: silentLog }, ended('arn:1'));
    expect(domain.published.filter(({ type }) => type === 'release.failed')).toHaveLength(1);
  });

  it('frees the slot that a finished release still holds', async () => {
    await takeSlot(domain, releaseId, 'arn:1');
    await finishRelease(domain, releaseId, { kind: 'pipeline', state: 'SUCCEEDED' });
    // As if finishing had died before it freed the slot.
    await acquireSlot(domain, 'checkout', { releaseId, workflow: 'arn:1' });
    await settleWorkflow({ ...domain, log: silentLog }, ended('arn:1'));
    expect((await readSlot(domain.store, 'checkout')).holder).toBeUndefined();
    expect(await statusOf()).toBe('succeeded');
  });

  it("does nothing for a duplicate's workflow", async () => {
    await settleWorkflow({ ...domain, log: silentLog }, ended('arn:2'));
    expect(await statusOf()).toBe('requested');
  });
});
