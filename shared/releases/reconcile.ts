import { nowAt } from '../clock.ts';
import { messageOf } from '../errors.ts';
import { findOwner } from '../state/execution-log.ts';
import { readSource } from '../state/sources.ts';
import { closeWait, openWaits, resolveWait, resumeWait, waitKeys, type OpenWait } from '../state/waits.ts';
import { followFact, type FollowContext } from './follow.ts';
import { giveSlot, passSlotOn } from './hand-over.ts';
import { stateOf } from './pipeline-event.ts';
import { isTerminal } from './pipelines.ts';
import { settleRelease, type SettleContext } from './settle.ts';
import { heldSlots, readSlot, type Lease } from './slot.ts';
import { sourceOutcome } from './source-outcome.ts';
import type { Workflows } from './workflows.ts';

/** What reconciling needs. */
export interface ReconcileContext extends FollowContext, SettleContext {
  readonly pipelines: FollowContext['pipelines'];
  readonly workflows: Workflows;
  /** Reads the truth for a kind of wait that is not of this noun, by the first part of its key. */
  readonly truths?: Readonly<Record<string, (wait: OpenWait) => Promise<void>>>;
  /** Settles what waited in a workflow that is no more, for such a kind of wait; the wait is forgotten then. */
  readonly orphans?: Readonly<Record<string, (workflow: string) => Promise<void>>>;
}

/** How many waits and slots were looked at, and how many could not be. */
export interface ReconcileReport {
  readonly waitCount: number;
  readonly slotCount: number;
  readonly failureCount: number;
}

const oldEnoughMs = 3 * 60_000;

/**
 * Reads the truth of every wait that is older than a few minutes, and of every held slot, and does what a lost event has
 * left undone. One that fails does not keep the others from it.
 */
export async function reconcile(context: ReconcileContext): Promise<ReconcileReport> {
  const report = { waitCount: 0, slotCount: 0, failureCount: 0 };
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (thrown) {
      // The rest is reconciled all the same; this one is tried again in five minutes.
      report.failureCount++;
      context.log.error('could not reconcile', thrown, { what, reason: messageOf(thrown) });
    }
  };
  const before = new Date(context.clock.nowMs() - oldEnoughMs).toISOString();
  for await (const wait of openWaits(context.store, before)) {
    report.waitCount++;
    await attempt(wait.key, () => reconcileWait(context, wait));
  }
  for await (const { service, slot } of heldSlots(context.store)) {
    report.slotCount++;
    const leases = [...(slot.holder ? [slot.holder] : []), ...slot.queue];
    for (const lease of leases) await attempt(`slot/${service}`, () => reconcileLease(context, service, lease));
  }
  return report;
}

async function reconcileWait(context: ReconcileContext, wait: OpenWait): Promise<void> {
  if (wait.isResolved) return resumeWait(context, wait.key);
  const { execution } = wait;
  if (execution !== undefined && (await context.workflows.statusOf(execution)) !== 'running')
    return closeOrphan(context, wait.key, execution);
  const [kind = '', ...rest] = wait.key.split('/');
  const read = { ...truthsOf(context, rest), ...mapTruths(context, wait) }[kind];
  if (read) await read();
  else context.log.warn('no truth is known for a wait', { wait: wait.key });
}

/** Ends the release of a wait whose workflow is no more, or what else has waited there, then forgets the wait. */
async function closeOrphan(context: ReconcileContext, key: string, workflow: string): Promise<void> {
  const [kind = ''] = key.split('/');
  await context.orphans?.[kind]?.(workflow);
  const releaseId = await releaseOf(context, key);
  if (releaseId) await settleRelease(context, releaseId, workflow, 'ENDED');
  await closeWait(context, key);
}

async function releaseOf(context: ReconcileContext, key: string): Promise<string | undefined> {
  const [kind, first = '', second, third] = key.split('/');
  if (kind === 'pipeline-execution') return (await findOwner(context.store, first))?.releaseId;
  if (kind === 'source') return third;
  return kind === 'slot' ? second : undefined;
}

function mapTruths({ truths = {} }: ReconcileContext, wait: OpenWait): Record<string, () => Promise<void>> {
  return Object.fromEntries(Object.entries(truths).map(([kind, read]) => [kind, () => read(wait)]));
}

function truthsOf(context: ReconcileContext, parts: readonly string[]): Record<string, () => Promise<void>> {
  const [first = '', second = '', third = ''] = parts;
  return {
    'pipeline-execution': () => readExecution(context, first),
    source: () => readSourceTruth(context, { service: first, commit: second, releaseId: third }),
    slot: () => readSlotTruth(context, first, second),
  };
}

/** Whether a pipeline execution that belongs to a release is over; of any other nobody here may read it. */
export async function isExecutionOver(
  { store, pipelines }: Pick<ReconcileContext, 'store' | 'pipelines'>,
  executionId: string,
): Promise<boolean> {
  const owner = await findOwner(store, executionId);
  const execution = owner && (await pipelines.findExecution(owner.pipelineArn, executionId));
  return execution !== undefined && isTerminal(execution.status);
}

async function readExecution(context: ReconcileContext, executionId: string): Promise<void> {
  const owner = await findOwner(context.store, executionId);
  if (!owner) return;
  const execution = await context.pipelines.findExecution(owner.pipelineArn, executionId);
  if (!execution) {
    const { releaseId, pipelineArn } = owner;
    context.log.warn('the pipeline execution of a release does not exist; end its workflow', {
      releaseId,
      pipelineArn,
    });
  }
  if (!execution || !isTerminal(execution.status)) return;
  await followFact(context, {
    contract: 1,
    id: `truth/${executionId}/${owner.attempt}`,
    at: nowAt(context.clock),
    type: 'pipeline.changed',
    pipelineExecutionId: executionId,
    state: stateOf(execution.status),
  });
}

async function readSourceTruth(
  context: ReconcileContext,
  { service, commit, releaseId }: { service: string; commit: string; releaseId: string },
): Promise<void> {
  const { versionId } = await readSource(context.store, service, commit);
  if (versionId === undefined) return;
  await resolveWait(context, waitKeys.source(service, commit, releaseId), sourceOutcome(versionId));
}

async function readSlotTruth(context: ReconcileContext, service: string, releaseId: string): Promise<void> {
  const { holder } = await readSlot(context.store, service);
  if (holder?.releaseId === releaseId) await giveSlot(context, service, releaseId);
}

async function reconcileLease(context: ReconcileContext, service: string, lease: Lease): Promise<void> {
  const status = await context.workflows.statusOf(lease.workflow);
  if (status === 'running') return;
  await settleRelease(context, lease.releaseId, lease.workflow, 'ENDED');
  // Also when the release is not that workflow's: the lease names a workflow that is no more.
  await passSlotOn(context, service, lease.releaseId);
}
