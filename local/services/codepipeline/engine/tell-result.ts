import type { TriggerType } from '@aws-sdk/client-codepipeline';
import { actionsOfExecution } from '../records/actions.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import type { Engine } from './engine.ts';
import { notRunSummary } from './not-run.ts';

/** What starts a pipeline with nobody waiting for an answer: its end is told to the person. */
const unattended: readonly TriggerType[] = ['WebhookV2', 'PollForSourceChanges', 'CloudWatchEvent'];

/**
 * Tells the person how an execution has ended: that nobody may be waiting for, or of which something was not run. A result
 * that hides what was not run would look better than it is.
 */
export function tellResult(engine: Engine, execution: ExecutionRecord, status: string): void {
  const passed = notRunSummary(engine, execution);
  if (passed === undefined && !unattended.includes(execution.trigger.type)) return;
  const failures = actionsOfExecution(engine.context.store, execution.id)
    .filter((record) => record.status === 'Failed')
    .map(({ stage, action, output }) => `${stage}/${action}: ${output.error?.message ?? 'failed'}`);
  const why = status === 'Failed' && failures.length > 0 ? ` (${failures.join('; ')})` : '';
  engine.context.report(
    `pipeline ${execution.pipeline}: ${status}${why}${passed === undefined ? '' : `, but ${passed}`}`,
  );
}
