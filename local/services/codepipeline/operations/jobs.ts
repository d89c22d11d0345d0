import {
  GetJobDetailsInput$,
  PutJobFailureResultInput$,
  PutJobSuccessResultInput$,
  type CodePipeline,
  type PutJobFailureResultInput,
  type PutJobSuccessResultInput,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { jobData } from '../engine/job-data.ts';
import { openJob } from '../engine/jobs.ts';
import { endAction, findRunning, type Running } from '../engine/run-action.ts';
import { timerId } from '../engine/timer-ids.ts';
import { updateAction, type ActionOutput } from '../records/actions.ts';
import { findJob, setJobStatus, type JobRecord } from '../records/jobs.ts';

/** The most that the names and values of an action's output variables may weigh together (User Guide, quotas). */
const maxOutputBytes = 122_880;

/** Takes the results of jobs, each once. */
export function jobOperations(engine: Engine): Operations<CodePipeline> {
  return {
    GetJobDetails(input) {
      checkInput(GetJobDetailsInput$, input);
      const job = knownJob(engine, input.jobId);
      const running = findRunning(engine, job.actionExecution);
      if (!running) throw unknownJob(job.id);
      return { jobDetails: { id: job.id, accountId: engine.context.account, data: jobData(engine, running, job) } };
    },
    PutJobSuccessResult(input) {
      checkInput(PutJobSuccessResultInput$, input);
      putSuccess(engine, input);
      return {};
    },
    PutJobFailureResult(input) {
      checkInput(PutJobFailureResultInput$, input);
      putFailure(engine, input);
      return {};
    },
  };
}

function putSuccess(engine: Engine, input: PutJobSuccessResultInput): void {
  checkOutputVariables(input);
  const { job, running } = answerableJob(engine, input.jobId);
  const { store, clock } = engine.context;
  const output = { ...reported(input), ...executionUrl(running, input) };
  store.transaction(() => {
    closeJob(engine, job, 'Succeeded');
    if (input.continuationToken === undefined) {
      endAction(engine, running.record, { status: 'Succeeded', output });
      return;
    }
    updateAction(store, running.record, { status: 'InProgress', output, nowMs: clock.nowMs() });
    openJob(engine, running.record.id, input.continuationToken);
  });
}

function putFailure(engine: Engine, { jobId, failureDetails }: PutJobFailureResultInput): void {
  const { job, running } = answerableJob(engine, jobId);
  const { type = 'JobFailed', message = '', externalExecutionId } = failureDetails ?? {};
  const output = { error: { code: type, message }, ...(externalExecutionId !== undefined && { externalExecutionId }) };
  engine.context.store.transaction(() => {
    closeJob(engine, job, 'Failed');
    endAction(engine, running.record, { status: 'Failed', output });
  });
}

function checkOutputVariables({ outputVariables, continuationToken }: PutJobSuccessResultInput): void {
  if (!outputVariables) return;
  if (continuationToken !== undefined) {
    throw new AwsError('ValidationException', 'outputVariables cannot be given together with a continuationToken');
  }
  const bytes = Object.entries(outputVariables).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (bytes <= maxOutputBytes) return;
  throw new AwsError(
    'OutputVariablesSizeExceededException',
    `The output variables have ${bytes} bytes in total; the limit is ${maxOutputBytes}`,
  );
}

function reported({ executionDetails, currentRevision, outputVariables }: PutJobSuccessResultInput): ActionOutput {
  const { summary, externalExecutionId, percentComplete } = executionDetails ?? {};
  const { revision, changeIdentifier, created, revisionSummary } = currentRevision ?? {};
  return {
    ...(summary !== undefined && { summary }),
    ...(externalExecutionId !== undefined && { externalExecutionId }),
    ...(percentComplete !== undefined && { percentComplete }),
    ...(outputVariables && { outputVariables }),
    ...(revision !== undefined && {
      revision: {
        revisionId: revision,
        ...(changeIdentifier !== undefined && { changeIdentifier }),
        ...(created && { createdMs: created.getTime() }),
        ...(revisionSummary !== undefined && { summary: revisionSummary }),
      },
    }),
  };
}

/** The page of the run that a custom action type's URL template leads to. */
function executionUrl({ provider, record }: Running, { executionDetails }: PutJobSuccessResultInput): ActionOutput {
  const id = executionDetails?.externalExecutionId ?? record.output.externalExecutionId;
  const url = provider.links?.(record.input.resolvedConfiguration, id).execution;
  return url === undefined ? {} : { externalExecutionUrl: url };
}

function closeJob({ context }: Engine, job: JobRecord, status: 'Succeeded' | 'Failed'): void {
  setJobStatus(context.store, job.id, status);
  context.timers.cancel(timerId('reply', job.id));
}

function answerableJob(engine: Engine, id: string | undefined): { job: JobRecord; running: Running } {
  const job = knownJob(engine, id);
  const running = findRunning(engine, job.actionExecution);
  // A worker's job is Dispatched until it is acknowledged.
  if (running && job.status === 'InProgress') return { job, running };
  throw new AwsError('InvalidJobStateException', `Job '${job.id}' cannot be answered: its status is ${job.status}`);
}

function knownJob({ context }: Engine, id = ''): JobRecord {
  const job = findJob(context.store, id);
  if (!job) throw unknownJob(id);
  return job;
}

function unknownJob(id: string): AwsError {
  return new AwsError('JobNotFoundException', `Job with id '${id}' does not exist`);
}
