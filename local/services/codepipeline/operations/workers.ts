import { randomUUID } from 'node:crypto';
import {
  AcknowledgeJobInput$,
  PollForJobsInput$,
  type CodePipeline,
  type Job,
  type PollForJobsInput,
} from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import { checkInput } from '../bounds/check-input.ts';
import type { Engine } from '../engine/engine.ts';
import { jobData } from '../engine/job-data.ts';
import { findRunning, type Running } from '../engine/run-action.ts';
import { findActionType } from '../records/action-types.ts';
import { findHandOut, jobsToHandOut, putHandOut } from '../records/handouts.ts';
import { findJob, setJobStatus, type JobRecord } from '../records/jobs.ts';

/** Hands the jobs of custom actions to the workers that ask for them. */
export function workerOperations(engine: Engine): Operations<CodePipeline> {
  return {
    PollForJobs(input) {
      checkInput(PollForJobsInput$, input);
      return { jobs: engine.context.store.transaction(() => handOutJobs(engine, input)) };
    },
    AcknowledgeJob(input) {
      checkInput(AcknowledgeJobInput$, input);
      const { store } = engine.context;
      return { status: store.transaction(() => acknowledge(engine, input.jobId ?? '', input.nonce ?? '')) };
    },
  };
}

function handOutJobs(engine: Engine, input: PollForJobsInput): Job[] {
  const isWanted = wantedJobs(engine, input);
  const { store, clock, account } = engine.context;
  const found = jobsToHandOut(store, clock.nowMs()).flatMap((id) => {
    const job = findJob(store, id);
    const running = job && findRunning(engine, job.actionExecution);
    return running && isWanted(running) ? [{ job, running }] : [];
  });
  return found.slice(0, input.maxBatchSize ?? found.length).map(({ job, running }) => {
    const nonce = randomUUID();
    putHandOut(store, job.id, { nonce, againMs: clock.nowMs() + engine.options.redeliveryDelayMs });
    setJobStatus(store, job.id, 'Dispatched');
    return { id: job.id, nonce, accountId: account, data: jobData(engine, running, job) };
  });
}

/** Which running actions a poll is for. */
function wantedJobs({ context }: Engine, { actionTypeId, queryParam = {} }: PollForJobsInput) {
  const { category = '', owner, provider = '', version = '' } = actionTypeId ?? {};
  if (owner !== 'Custom') {
    throw new AwsError('ValidationException', `Jobs can be polled for action types of the owner Custom, not ${owner}`);
  }
  const known = findActionType(context.store, { category, provider, version });
  if (!known || known.isDeleted) {
    const message = `There is no custom action type of category ${category}, provider ${provider} and version ${version}`;
    throw new AwsError('ActionTypeNotFoundException', message);
  }
  const queryable = known.definition.configurationProperties?.find((property) => property.queryable)?.name;
  checkQuery(queryable, Object.keys(queryParam));
  return ({ action: { type }, record }: Running): boolean => {
    const isOfType = type.category === category && type.provider === provider && type.version === version;
    if (type.owner !== 'Custom' || !isOfType) return false;
    return queryable === undefined || record.input.resolvedConfiguration[queryable] === queryParam[queryable];
  };
}

function checkQuery(queryable: string | undefined, given: readonly string[]): void {
  if (queryable === undefined) {
    if (given.length === 0) return;
    throw new AwsError('ValidationException', 'The action type has no queryable property, but queryParam names one');
  }
  if (given.length === 1 && given[0] === queryable) return;
  throw new AwsError('ValidationException', `queryParam must give a value for the queryable property '${queryable}'`);
}

function acknowledge({ context }: Engine, id: string, nonce: string): JobRecord['status'] {
  const job = findJob(context.store, id);
  if (!job) throw new AwsError('JobNotFoundException', `Job with id '${id}' does not exist`);
  if (findHandOut(context.store, id)?.nonce !== nonce) {
    throw new AwsError('InvalidNonceException', `The nonce is not that of the newest hand-out of job '${id}'`);
  }
  if (job.status !== 'Dispatched') return job.status;
  setJobStatus(context.store, id, 'InProgress');
  return 'InProgress';
}
