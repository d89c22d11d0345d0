import type { DueTimer } from '../../../clock/timers.ts';
import { findJob, setJobStatus, type JobRecord } from '../records/jobs.ts';
import type { Engine } from './engine.ts';
import { jobEvent } from './job-data.ts';
import { actionRun, endAction, findRunning, orFail } from './run-action.ts';
import { timerId } from './timer-ids.ts';

/**
 * Hands out the job that a timer is for. It counts as being worked on before it is sent, so that an answer is never too
 * early; after a crash in between it is sent again under the same id.
 */
export async function runJob(engine: Engine, id: string, timer: DueTimer): Promise<void> {
  const job = findJob(engine.context.store, id);
  const running = job && findRunning(engine, job.actionExecution);
  const sendJob = running?.provider.sendJob?.bind(running.provider);
  if (!running || !sendJob || !isOpen(job)) return;
  handOut(engine, job);
  const event = jobEvent(engine, running, job);
  const failure = await orFail(timer, () => sendJob(actionRun(engine, running), { id, event }));
  engine.context.store.transaction(() => {
    if (failure) {
      const error = { code: failure.code, message: failure.message };
      endAction(engine, running.record, { status: 'Failed', output: { error } });
    }
    timer.complete();
  });
}

/** Fails the action of a job that nothing has answered in time. */
export function missReply(engine: Engine, id: string): void {
  const job = findJob(engine.context.store, id);
  const running = job && findRunning(engine, job.actionExecution);
  if (!running || !isOpen(job)) return;
  const message = running.provider.silence?.(actionRun(engine, running)) ?? 'The job was not answered in time';
  endAction(engine, running.record, {
    status: 'Failed',
    output: { error: { code: 'JobFailed', message } },
    jobStatus: 'TimedOut',
  });
}

function isOpen(job: JobRecord): boolean {
  return job.status === 'Queued' || job.status === 'InProgress';
}

/** The time to answer begins; for a job that is sent again it begins anew, since nobody may have had it. */
function handOut({ context, options }: Engine, { id }: JobRecord): void {
  const dueAtMs = context.clock.nowMs() + options.replyLimitMs;
  context.store.transaction(() => {
    setJobStatus(context.store, id, 'InProgress');
    context.timers.schedule('codepipeline.reply', { id }, { id: timerId('reply', id), dueAtMs });
  });
}
