import * as z from 'zod/mini';
import { epochSecondsIn, type Clock } from '../../clock.ts';
import { ServiceUnavailable } from '../../errors.ts';
import type { Attributes, Item, Store } from '../../state/store.ts';
import { expiryAttribute, keys, sweeps } from '../../state/table.ts';
import type { JobContext } from './job-event.ts';
import type { Ending, LongJob, LongJobResult, LongJobStore, NewLongJob } from './long-job.ts';
import type { Until } from '../result.ts';

/** CodePipeline ends an action after a day; kept a week for people. */
const keptSeconds = 7 * 24 * 3600;

const longJobItem = z.object({
  firstJobId: z.string(),
  currentJobId: z.string(),
  phase: z.enum(['waiting', 'renewing', 'finished']),
  openedAt: z._default(z.string(), ''),
  adoptedAt: z.string(),
  functionArn: z.optional(z.string()),
  isRenewed: z._default(z.boolean(), true),
  attempt: z._default(z.int(), 1),
  /** JSON of what `open` was given. */
  wait: z.string(),
  /** JSON of the state as the last check left it. */
  state: z.string(),
  checkCount: z._default(z.int(), 0),
  summary: z.string(),
  percentComplete: z.optional(z.number()),
  /** The workflow of a renewal leaves an empty one where there was none. */
  externalExecutionId: z.optional(z.string()),
  unreachedSince: z.optional(z.string()),
  result: z.optional(z.string()),
  isWorkLeft: z._default(z.boolean(), false),
  isCancelled: z._default(z.boolean(), false),
});

const expectedBy = z.object({ firstJobId: z.optional(z.string()) });

/** Long jobs in the one table. */
export function createLongJobStore(store: Store, clock: Clock): LongJobStore {
  const expiry = (): Expiry => ({ [expiryAttribute]: epochSecondsIn(clock, keptSeconds) });
  const table = { store, expiry };
  return {
    open: (job) => open(table, job),
    read: (firstJobId) => read(store, firstJobId),
    adopt: (firstJobId, jobId, adoptedAt) => adopt(store, firstJobId, { currentJobId: jobId, adoptedAt }),
    keepProgress: (firstJobId, progress) => keepProgress(store, firstJobId, progress),
    keepUnreached: (firstJobId, unreachedSince) => setUnlessEnded(store, firstJobId, { unreachedSince }),
    keepEnding: (firstJobId, ending) => keepEnding(store, firstJobId, ending),
    async forgetWork(firstJobId) {
      const update = keys.longJob(firstJobId);
      await store.write({ update, set: { isWorkLeft: false }, remove: ['gsi1pk'], when: { present: ['pk'] } });
    },
    async keepAttempt(firstJobId, attempt, beginsAt) {
      const update = keys.longJob(firstJobId);
      await store.write({ update, set: { attempt, gsi1sk: beginsAt }, when: { present: ['pk'] } });
    },
    findOverdue: (before) => findOverdue(store, before),
    beginToRenew: (firstJobId) => leaveWaiting(store, firstJobId, 'renewing'),
    finish: (firstJobId) => leaveWaiting(store, firstJobId, 'finished'),
    markCancelled: (firstJobId) => setUnlessEnded(store, firstJobId, { isCancelled: true }),
    findByExecution: (execution) => findByExecution(store, execution),
    async keepEvent(key) {
      const kept = await store.write({ update: keys.longJobEvent(key), set: { hasHappened: true, ...expiry() } });
      return kept.written ? expectedBy.parse(kept.item ?? {}).firstJobId : undefined;
    },
  };
}

type Progress = Parameters<LongJobStore['keepProgress']>[1];

type Expiry = Readonly<Record<typeof expiryAttribute, number>>;

async function open(
  { store, expiry }: { readonly store: Store; readonly expiry: () => Expiry },
  job: NewLongJob,
): Promise<{ job: LongJob; hasHappened: boolean }> {
  const { context, until, firstJobId } = job;
  // The record first: what finds it by its event or its execution finds it whole.
  await store.write({ put: { ...keys.longJob(firstJobId), ...newItem(job), ...expiry() }, when: { absent: ['pk'] } });
  if (context) await store.write({ put: { ...keys.longJobOf(context, firstJobId), ...expiry() } });
  const hasHappened = 'event' in until && (await expectEvent(store, until.event, { firstJobId, ...expiry() }));
  const kept = await read(store, firstJobId);
  if (kept) return { job: kept, hasHappened };
  throw new ServiceUnavailable(`long job ${firstJobId} vanished from the table while it was opened; it is tried again`);
}

async function read(store: Store, firstJobId: string): Promise<LongJob | undefined> {
  const item = await store.read(keys.longJob(firstJobId));
  return item && readItem(item);
}

async function adopt(
  store: Store,
  firstJobId: string,
  next: Pick<LongJob, 'currentJobId' | 'adoptedAt'>,
): Promise<LongJob | undefined> {
  const known = await read(store, firstJobId);
  if (!known || known.phase === 'finished' || known.currentJobId === next.currentJobId) return known;
  await store.write({
    update: keys.longJob(firstJobId),
    // Found by a sweep if no job follows this one, unless its work is over and the item left the index.
    set: { ...next, phase: 'waiting', gsi1sk: next.adoptedAt },
    when: { equals: { currentJobId: known.currentJobId, phase: known.phase } },
  });
  return read(store, firstJobId);
}

async function keepProgress(
  store: Store,
  firstJobId: string,
  { state, percentComplete, ...news }: Progress,
): Promise<void> {
  const checkCount = news.checkCount - 1;
  await store.write({
    update: keys.longJob(firstJobId),
    set: { ...news, state: JSON.stringify(state), ...(percentComplete !== undefined && { percentComplete }) },
    remove: ['unreachedSince'],
    when: {
      present: ['pk'],
      absent: ['result', ...(checkCount === 0 ? ['checkCount'] : [])],
      ...(checkCount > 0 && { equals: { checkCount } }),
    },
  });
}

/**
 * Without the state, if nobody reads it any more: `run` goes on with the result's own, and an item holds one of the two. The
 * item leaves the sweep's index with its work.
 */
async function keepEnding(store: Store, firstJobId: string, { result, isWorkLeft }: Ending): Promise<void> {
  const ended = { result: JSON.stringify(result), isWorkLeft };
  if (isWorkLeft) return setUnlessEnded(store, firstJobId, ended);
  await setUnlessEnded(store, firstJobId, { ...ended, state: 'null' }, ['gsi1pk']);
}

async function setUnlessEnded(
  store: Store,
  firstJobId: string,
  set: Attributes,
  remove: readonly string[] = [],
): Promise<void> {
  await store.write({ update: keys.longJob(firstJobId), set, remove, when: { present: ['pk'], absent: ['result'] } });
}

async function leaveWaiting(store: Store, firstJobId: string, phase: LongJob['phase']): Promise<boolean> {
  const waiting = { equals: { phase: 'waiting' } };
  return (await store.write({ update: keys.longJob(firstJobId), set: { phase }, when: waiting })).written;
}

function newItem({ userParameters, context, until, step, state, ...rest }: NewLongJob): Attributes {
  const { percentComplete, functionArn, ...plain } = rest;
  return {
    ...plain,
    openedAt: rest.adoptedAt,
    phase: 'waiting',
    ...(functionArn !== undefined && { functionArn }),
    // In the sweep's index until its work is over.
    ...{ gsi1pk: sweeps.longJobs, gsi1sk: rest.adoptedAt },
    wait: JSON.stringify({ userParameters, context, until, step }),
    state: JSON.stringify(state),
    ...(percentComplete !== undefined && { percentComplete }),
  };
}

function readItem(item: Item): LongJob {
  const { wait, state, result, percentComplete, functionArn, unreachedSince, externalExecutionId, ...rest } =
    longJobItem.parse(item);
  // This file alone writes the attributes.
  const kept = JSON.parse(wait) as { userParameters: string; context?: JobContext; until: Until; step: number };
  return {
    ...rest,
    ...kept,
    context: kept.context,
    state: JSON.parse(state),
    percentComplete,
    functionArn,
    unreachedSince,
    ...(externalExecutionId && { externalExecutionId }),
    result: result === undefined ? undefined : (JSON.parse(result) as LongJobResult),
  };
}

/** Says who waits for an event. @returns whether it has come already */
async function expectEvent(store: Store, key: string, attributes: Attributes): Promise<boolean> {
  const expected = await store.write({ update: keys.longJobEvent(key), set: attributes });
  return expected.written && expected.item?.['hasHappened'] === true;
}

async function findOverdue(store: Store, before: string): Promise<readonly string[]> {
  const found: string[] = [];
  let from: string | undefined;
  do {
    const page = await store.query({
      ...{ partition: sweeps.longJobs, index: 'sweep', upTo: before, limit: 100 },
      ...(from && { from }),
    });
    found.push(...page.items.map(({ pk }) => pk.slice(keys.longJob('').pk.length)));
    from = page.next;
  } while (from);
  return found;
}

async function findByExecution(
  store: Store,
  { pipelineExecutionId, stage, action }: Pick<JobContext, 'pipelineExecutionId'> & Partial<JobContext>,
): Promise<readonly string[]> {
  const { pk } = keys.longJobOf({ pipelineExecutionId, stage: '', action: '' }, '');
  const prefix = stage !== undefined && action !== undefined ? `${stage}/${action}/` : undefined;
  const found: string[] = [];
  let from: string | undefined;
  do {
    const page = await store.query({ partition: pk, limit: 100, ...(prefix && { prefix }), ...(from && { from }) });
    found.push(...page.items.map(({ sk }) => sk.slice(sk.lastIndexOf('/') + 1)));
    from = page.next;
  } while (from);
  return found;
}
