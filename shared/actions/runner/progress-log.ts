import { jitteredPause, type Clock } from '../../clock.ts';
import type { Bus } from '../../events/bus.ts';
import { appendForExecution } from '../../state/execution-log.ts';
import type { Store } from '../../state/store.ts';
import type { ActionProgress } from './job.ts';

/** Tells progress to the log of the release that a pipeline execution belongs to, and nowhere else. */
export function progressLog(store: Store, clock: Clock): (progress: ActionProgress) => Promise<void> {
  const record = { store, clock, pause: jitteredPause, bus: noBus };
  return async (progress) => {
    const { id, at, context, actionId, summary, percentComplete } = progress;
    await appendForExecution(record, {
      contract: 1,
      id,
      at,
      type: 'action.progressed',
      pipelineExecutionId: context.pipelineExecutionId,
      action: actionId,
      summary,
      ...(percentComplete !== undefined && { percentComplete }),
    });
  };
}

/** An action's role may not publish. */
const noBus: Bus = {
  publish: (event) => Promise.reject(new Error(`an action publishes no event, got ${event.type}`)),
};
