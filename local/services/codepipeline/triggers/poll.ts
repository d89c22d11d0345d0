import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { DueTimer } from '../../../clock/timers.ts';
import { AwsError } from '../../../errors.ts';
import type { Engine } from '../engine/engine.ts';
import { workPrincipal } from '../engine/work-principal.ts';
import { findPipeline, structureOf } from '../records/pipelines.ts';
import { findPolled, forgetPolled, putPolled } from '../records/polled.ts';
import type { ActionStructure, Structure } from '../structure/structure.ts';
import { isPolledObject } from './listeners.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { pollingDisabledAtMs } from './polling-disabled.ts';
import { pollAgain } from './schedule.ts';
import { tryToStart } from './start.ts';

/** Polls the objects that are a pipeline's sources. */
export type Poll = (pipeline: string, timer: DueTimer) => Promise<void>;

/**
 * Makes the poll that a timer is for. A version that was not there the last time starts the pipeline, once, in the
 * transaction that keeps it. The first time only learns what is there.
 */
export function objectPoll(engine: Engine): Poll {
  const inTurn = oneAtATime();
  return (pipeline, timer) => inTurn(pipeline, () => pollObjects(engine, pipeline, timer));
}

async function pollObjects(engine: Engine, pipeline: string, timer: DueTimer): Promise<void> {
  const { store } = engine.context;
  const version = findPipeline(store, pipeline)?.version;
  const structure = version === undefined ? undefined : structureOf(store, pipeline, version);
  const actions = (structure?.stages[0]?.actions ?? []).filter(isPolledObject);
  if (!structure || actions.length === 0) return forgetPolled(store, pipeline);
  const isOver = pollingDisabledAtMs(engine, pipeline) !== undefined;
  const found = await Promise.all(
    (isOver ? [] : actions).map(async (action) => ({
      action: action.name,
      ...(await poll(engine, structure, action)),
    })),
  );
  store.transaction(() => {
    timer.complete();
    // What was polled for a version that is gone says nothing of the one that is there, which is polled by itself.
    if (findPipeline(store, pipeline)?.version !== version) return;
    pollAgain(engine, pipeline, isOver);
    for (const { action, place, revision } of found) take(engine, { pipeline, action }, place, revision);
  });
}

function take(
  engine: Engine,
  { pipeline, action }: { pipeline: string; action: string },
  place: string,
  found: string | undefined,
): void {
  const { store } = engine.context;
  const known = findPolled(store, pipeline, action);
  const before = known?.place === place ? known.revision : undefined;
  const revision = found ?? before ?? '';
  if (revision === before) return;
  putPolled(store, pipeline, action, { place, revision });
  if (before === undefined || revision === '') return;
  tryToStart(engine, {
    pipeline,
    trigger: { type: 'PollForSourceChanges', detail: action },
    sourceRevisions: [],
    because: `a new version of ${place}`,
  });
}

/** What lies there: no revision where the pipeline's role may not look, which the source action will say when it runs. */
async function poll(
  engine: Engine,
  { name, roleArn }: Structure,
  action: ActionStructure,
): Promise<{ place: string; revision: string | undefined }> {
  const { S3Bucket: bucket = '', S3ObjectKey: key = '' } = action.configuration;
  const work = { pipeline: name, pipelineRoleArn: roleArn, roleArn: action.roleArn };
  const request = { service: 's3', operation: 'HeadObject', input: { Bucket: bucket, Key: key } };
  const place = `s3://${bucket}/${key}`;
  try {
    const answer = await engine.context.gateway.handle(request, workPrincipal(engine, work, 'codepipeline'));
    // The output of HeadObject.
    const { VersionId: version, ETag: eTag } = answer as HeadObjectCommandOutput;
    return { place, revision: version ?? eTag ?? '' };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { place, revision: error.httpStatus === 404 ? '' : undefined };
  }
}
