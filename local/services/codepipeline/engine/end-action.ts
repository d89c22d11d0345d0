import { findAction, updateAction, type ActionOutput, type ActionRecord } from '../records/actions.ts';
import { putArtifact } from '../records/artifacts.ts';
import { executionOf } from '../records/executions.ts';
import { openJobs, setJobStatus } from '../records/jobs.ts';
import { structureOf } from '../records/pipelines.ts';
import { actionOf } from '../structure/structure.ts';
import type { Engine } from './engine.ts';
import { tellAction, type ActionEventState } from './events.ts';
import { timerId } from './timer-ids.ts';

/** How an action execution ends. */
export interface ActionEnd {
  readonly status: 'Succeeded' | 'Failed' | 'Abandoned';
  readonly output: ActionOutput;
  /** What the event says, where it is not the status's own word. */
  readonly event?: ActionEventState;
  /** What becomes of a job that is still open; `Failed` if absent. */
  readonly jobStatus?: 'TimedOut' | 'Failed';
}

const events = { Succeeded: 'SUCCEEDED', Failed: 'FAILED', Abandoned: 'ABANDONED' } as const;

/**
 * Ends an action execution in the open transaction: its result, artifacts, jobs, timers and event. One that has ended
 * already stays as it is, so a result is taken once. The caller settles the pipeline execution afterwards.
 */
export function recordEnd(engine: Engine, { id }: ActionRecord, end: ActionEnd): void {
  const { store, clock } = engine.context;
  const record = findAction(store, id);
  if (record?.status !== 'InProgress') return;
  const ended = updateAction(store, record, { status: end.status, output: end.output, nowMs: clock.nowMs() });
  closeJobs(engine, id, end.jobStatus ?? 'Failed');
  engine.context.timers.cancel(timerId('action', id));
  engine.context.timers.cancel(timerId('time-out', id));
  // No event tells of rules.
  if (record.condition) return;
  if (end.status === 'Succeeded') keepArtifacts(engine, ended);
  const execution = executionOf(store, record.execution);
  const structure = structureOf(store, execution.pipeline, execution.version);
  const action = actionOf(structure, record.stage, record.action);
  tellAction(engine, execution, { record: ended, action, state: end.event ?? events[end.status] });
}

function closeJobs({ context }: Engine, actionExecution: string, status: 'TimedOut' | 'Failed'): void {
  for (const job of openJobs(context.store, actionExecution)) {
    setJobStatus(context.store, job.id, status);
    context.timers.cancel(timerId('job', job.id));
    context.timers.cancel(timerId('reply', job.id));
  }
}

function keepArtifacts({ context }: Engine, record: ActionRecord): void {
  const { revision } = record.output;
  for (const { name, bucket, key } of record.input.outputArtifacts) {
    const artifact = { name, action: record.action, bucket, key, ...(revision && { revision }) };
    putArtifact(context.store, record.execution, artifact);
  }
}
