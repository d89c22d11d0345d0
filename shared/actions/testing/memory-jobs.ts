import { writeToken, type Answer, type Claim, type JobStore, type Lease, type StoredState } from '../runner/job.ts';
import type { EffectKey, EffectRecord, EffectStore } from '../runner/once.ts';

/** What actions have done, in memory. */
export function memoryEffects(): EffectStore {
  const records = new Map<string, EffectRecord>();
  const keyOf = ({ scope, name }: EffectKey): string => JSON.stringify([scope, name]);
  return {
    read: async (key) => records.get(keyOf(key)),
    async begin(key, begunAt) {
      if (!records.has(keyOf(key))) records.set(keyOf(key), { begunAt, result: undefined });
    },
    async finish(key, result) {
      records.set(keyOf(key), { begunAt: '', ...records.get(keyOf(key)), result });
    },
  };
}

interface MemoryJob {
  status: 'claimed' | 'waiting' | 'answered';
  until: string;
  by?: string;
  answer?: Answer;
  checkAt?: string;
  firstJobId?: string;
}

/** Jobs in memory, for tests of actions and of the runner itself. */
export function memoryJobs(): { readonly store: JobStore; lastState(): StoredState | undefined } {
  const jobs = new Map<string, MemoryJob>();
  const states = new Map<string, StoredState>();
  const known = (job: MemoryJob, { now, requestId, isIdempotent }: Pick<Lease, 'now'> & Partial<Lease>): Claim => {
    if (job.status === 'answered' || job.status === 'waiting') return { state: job.status };
    const isRedelivered = requestId !== undefined && job.by === requestId && (isIdempotent || job.answer !== undefined);
    return job.until > now && !isRedelivered
      ? { state: 'running', until: job.until }
      : { state: 'interrupted', answer: job.answer };
  };
  const store: JobStore = {
    async claim(jobId, lease) {
      const job = jobs.get(jobId);
      const claim: Claim = job ? known(job, lease) : { state: 'claimed' };
      if (claim.state === 'claimed' || claim.state === 'interrupted')
        jobs.set(jobId, {
          ...job,
          ...{ status: 'claimed', until: lease.until, by: lease.requestId },
          ...{ checkAt: lease.checkAt, firstJobId: lease.firstJobId },
        });
      return claim;
    },
    async inspect(jobId, now) {
      const job = jobs.get(jobId);
      return job && known(job, { now });
    },
    async keepAnswer(jobId, answer) {
      const job = jobs.get(jobId);
      if (job && job.status !== 'answered') job.answer = answer;
    },
    async leaveOpen(jobId) {
      const job = jobs.get(jobId);
      if (job?.status !== 'claimed') return;
      job.status = 'waiting';
      delete job.checkAt;
    },
    async markAnswered(jobId) {
      jobs.set(jobId, { status: 'answered', until: '' });
    },
    async keepState(token, state) {
      const key = writeToken(token);
      if (!states.has(key)) states.set(key, structuredClone(state));
    },
    readState: async (token) => states.get(writeToken(token)),
    async leaveCheck({ jobId, firstJobId }, dueAt) {
      const job = jobs.get(jobId);
      if (!job) jobs.set(jobId, { status: 'claimed', until: '', checkAt: dueAt, firstJobId });
      else if (job.status === 'claimed') Object.assign(job, { checkAt: dueAt, firstJobId });
    },
    async dueChecks(now) {
      return [...jobs]
        .filter(([, { checkAt }]) => checkAt !== undefined && checkAt <= now)
        .map(([jobId, { firstJobId = jobId }]) => ({ jobId, firstJobId }));
    },
    async removeCheck(jobId) {
      delete jobs.get(jobId)?.checkAt;
    },
  };
  return { store, lastState: () => [...states.values()].at(-1) };
}
