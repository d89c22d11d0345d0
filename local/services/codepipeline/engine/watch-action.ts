import type { DueTimer } from '../../../clock/timers.ts';
import { isJsonObject } from '../../../json.ts';
import type { ServiceEvent } from '../../service-module.ts';
import { actionsWaitingFor, putImage } from '../records/images.ts';
import type { Engine } from './engine.ts';
import { actionRun, findRunning, orFail, takeOutcome } from './run-action.ts';
import { scheduleWatch } from './schedule-watch.ts';

/** Looks whether what an action has started elsewhere has ended; if not, again after the interval. */
export async function watchAction(engine: Engine, id: string, timer: DueTimer): Promise<void> {
  const running = findRunning(engine, id);
  const externalId = running?.record.output.externalExecutionId;
  const look = running?.provider.look?.bind(running.provider);
  if (!running || !look || externalId === undefined) return;
  const outcome = await orFail(timer, () => look(actionRun(engine, running), externalId));
  engine.context.store.transaction(() => {
    timer.complete();
    if (outcome) takeOutcome(engine, running.record, outcome);
    else scheduleWatch(engine, id, engine.options.watchIntervalMs);
  });
}

/** Takes what events on the default bus tell: the end of a state machine execution, the push of an image. */
export function hear(engine: Engine, { source, detail, ...event }: ServiceEvent): void {
  if (!isJsonObject(detail)) return;
  const { executionArn, status } = detail;
  if (source === 'aws.states' && typeof executionArn === 'string' && status !== 'RUNNING') {
    for (const id of actionsWaitingFor(engine.context.store, executionArn)) scheduleWatch(engine, id, 0);
  }
  if (source !== 'aws.ecr' || event['detail-type'] !== 'ECR Image Action') return;
  const {
    'action-type': type,
    result,
    'repository-name': repository,
    'image-tag': tag,
    'image-digest': digest,
  } = detail;
  if (type !== 'PUSH' || result !== 'SUCCESS' || typeof tag !== 'string') return;
  putImage(engine.context.store, { repository: String(repository), tag, digest: String(digest) });
}
