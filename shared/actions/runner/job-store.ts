import * as z from 'zod/mini';
import type { Clock } from '../../clock.ts';
import { epochSecondsIn, nowAt } from '../../clock.ts';
import { ServiceUnavailable } from '../../errors.ts';
import type { Item, Store } from '../../state/store.ts';
import { expiryAttribute, keys, sweeps } from '../../state/table.ts';
import type { Answer, Claim, ContinuationToken, JobOfAction, JobStore, Lease, StoredState } from './job.ts';
import { traceOf } from '../traceable.ts';

/** Jobs are looked at for a day at most (CodePipeline's cap for an action); kept a week for people. */
const keptSeconds = 7 * 24 * 3600;

const jobItem = z.object({
  status: z.enum(['claimed', 'waiting', 'answered']),
  /** Absent when a job was answered that no delivery ever claimed. */
  claimedUntil: z._default(z.string(), ''),
  /** The request whose delivery holds the claim. */
  claimedBy: z.optional(z.string()),
  /** JSON of an Answer that this store wrote. */
  answer: z.optional(z.string()),
});

const checkedItem = z.object({ firstJobId: z.optional(z.string()) });

const stateItem = z.object({
  state: z.string(),
  notBefore: z.string(),
  summary: z.string(),
  percentComplete: z.optional(z.number()),
  /** JSON of the waiting that goes on. */
  check: z.optional(z.string()),
  externalExecutionId: z.optional(z.string()),
});

/** Jobs in the one table. */
export function createJobStore(store: Store, clock: Clock): JobStore {
  const expiry = (): { [expiryAttribute]: number } => ({ [expiryAttribute]: epochSecondsIn(clock, keptSeconds) });
  return {
    claim: (jobId, lease) => claim(store, { jobId, ...lease, expiry: expiry() }),
    async inspect(jobId, now) {
      const item = await store.read(keys.job(jobId));
      return item && claimOf(item, { now });
    },
    async keepAnswer(jobId, answer) {
      await store.write({
        update: keys.job(jobId),
        set: { answer: JSON.stringify(answer) },
        when: { present: ['pk'], absent: ['answeredAt'] },
      });
    },
    async leaveOpen(jobId) {
      await store.write({
        update: keys.job(jobId),
        set: { status: 'waiting' },
        remove: ['gsi1pk', 'gsi1sk'],
        when: { equals: { status: 'claimed' } },
      });
    },
    async markAnswered(jobId) {
      await store.write({
        update: keys.job(jobId),
        set: { status: 'answered', answeredAt: nowAt(clock), ...expiry() },
        remove: ['gsi1pk', 'gsi1sk', 'answer'],
      });
    },
    async keepState(token, state) {
      await store.write({
        put: { ...stateKey(token), ...stateAttributes(state), ...expiry() },
        when: { absent: ['pk'] },
      });
    },
    async readState(token) {
      const item = await store.read(stateKey(token));
      return item && readStateItem(item);
    },
    leaveCheck: (job, dueAt) => leaveCheck(store, job, { dueAt, now: nowAt(clock), expiry: expiry() }),
    async dueChecks(now) {
      const page = await store.query({ index: 'sweep', partition: sweeps.jobChecks, upTo: now, limit: 100 });
      return page.items.map((item) => {
        const jobId = item.pk.slice(keys.job('').pk.length);
        return { jobId, firstJobId: checkedItem.parse(item).firstJobId ?? jobId };
      });
    },
    async removeCheck(jobId) {
      await store.write({ update: keys.job(jobId), remove: ['gsi1pk', 'gsi1sk'], when: { present: ['pk'] } });
    },
  };
}

async function leaveCheck(
  store: Store,
  { jobId, firstJobId }: JobOfAction,
  { dueAt, now, expiry }: { readonly dueAt: string; readonly now: string; readonly expiry: object },
): Promise<void> {
  const check = checkOf({ firstJobId, checkAt: dueAt });
  const key = keys.job(jobId);
  const { written } = await store.write({ update: key, set: check, when: { equals: { status: 'claimed' } } });
  if (written) return;
  await store.write({
    put: { ...key, status: 'claimed', claimedUntil: now, ...check, ...expiry },
    when: { absent: ['pk'] },
  });
}

function checkOf({ firstJobId, checkAt }: Pick<Lease, 'firstJobId' | 'checkAt'>): Readonly<Record<string, string>> {
  return { firstJobId, gsi1pk: sweeps.jobChecks, gsi1sk: checkAt };
}

interface ClaimRequest extends Lease {
  readonly jobId: string;
  readonly expiry: { readonly [expiryAttribute]: number };
}

async function claim(store: Store, request: ClaimRequest): Promise<Claim> {
  const key = keys.job(request.jobId);
  const claimed = { claimedUntil: request.until, claimedBy: request.requestId, ...checkOf(request) };
  const first = await store.write({
    put: { ...key, status: 'claimed', ...claimed, ...request.expiry },
    when: { absent: ['pk'] },
  });
  if (first.written) return { state: 'claimed' };
  const item = await store.read(key);
  if (!item)
    throw new ServiceUnavailable(
      `job ${request.jobId} vanished from the table while it was claimed; Lambda delivers it again`,
    );
  const known = claimOf(item, request);
  if (known.state !== 'interrupted') return known;
  const takenOver = await store.write({
    update: key,
    set: claimed,
    when: { equals: { status: 'claimed', claimedUntil: jobItem.parse(item).claimedUntil } },
  });
  return takenOver.written ? known : { state: 'running', until: request.until };
}

function claimOf(item: Item, { now, requestId, isIdempotent }: Pick<Lease, 'now'> & Partial<Lease>): Claim {
  const { status, claimedUntil, claimedBy, answer } = jobItem.parse(item);
  if (status === 'answered' || status === 'waiting') return { state: status };
  const isRedelivered = requestId !== undefined && claimedBy === requestId && (isIdempotent || answer !== undefined);
  if (claimedUntil > now && !isRedelivered) return { state: 'running', until: claimedUntil };
  // `keepAnswer` alone writes the attribute.
  return { state: 'interrupted', answer: answer === undefined ? undefined : (JSON.parse(answer) as Answer) };
}

function stateKey({ firstJobId, step }: ContinuationToken): { pk: string; sk: string } {
  return keys.continuation(firstJobId, step);
}

function stateAttributes(stored: StoredState): {
  state: string;
  notBefore: string;
  summary: string;
  percentComplete?: number;
  check?: string;
  externalExecutionId?: string;
} {
  const { notBefore, summary, percentComplete, check } = stored;
  return {
    // JSON knows no `undefined`.
    state: JSON.stringify(stored.state ?? null),
    notBefore,
    summary,
    ...(percentComplete !== undefined && { percentComplete }),
    ...(check && { check: JSON.stringify(check) }),
    ...traceOf(stored),
  };
}

function readStateItem(item: Item): StoredState {
  const { state, notBefore, summary, percentComplete, check, externalExecutionId } = stateItem.parse(item);
  return {
    state: JSON.parse(state),
    notBefore,
    summary,
    percentComplete,
    // `keepState` alone writes the attribute.
    check: check === undefined ? undefined : (JSON.parse(check) as StoredState['check']),
    ...(externalExecutionId !== undefined && { externalExecutionId }),
  };
}
