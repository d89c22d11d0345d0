import { randomUUID } from 'node:crypto';
import type { SFN } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { Store } from '../../../store/store.ts';
import type { CloudContext } from '../../service-module.ts';
import { checkExecutionArn } from '../arns.ts';
import { definitionOf } from '../definitions.ts';
import { findExecution, type Execution } from '../executions.ts';
import { maxEvents, readEvents } from '../history.ts';
import { findMachine, readRevision } from '../machines.ts';
import { planRedrive } from '../redrive/plan.ts';
import { resume } from '../redrive/resume.ts';
import { strandsOf } from '../redrive/strands.ts';

const dayMs = 24 * 3_600_000;
const redrivableMs = 14 * dayMs;
const maxOpenMs = 365 * dayMs;
const tokenMs = 15 * 60_000;
const tokensKept = 10;

/** Going on with an execution that has failed, was stopped or ran out of time. */
export function redriveOperations(context: CloudContext): Operations<SFN> {
  return {
    RedriveExecution: async ({ executionArn, clientToken = randomUUID() }) => ({
      redriveDate: new Date(await redrive(context, checkExecutionArn(executionArn), clientToken)),
    }),
  };
}

/**
 * Why an execution cannot be redriven, in the documented words; undefined if it can.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
export function whyNotRedrivable({ store, clock }: CloudContext, execution: Execution): string | undefined {
  const { status, events, startedAtMs, stoppedAtMs = 0, machineArn } = execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (findMachine(store, machineArn)?.status !== 'ACTIVE') return 'State machine is in DELETING status';
  if (events >= maxEvents - 1) return 'Execution history event limit exceeded';
  if (clock.nowMs() - startedAtMs > maxOpenMs) return 'Execution has exceeded the max execution time';
  return clock.nowMs() - stoppedAtMs > redrivableMs ? 'Execution redrivable period exceeded' : undefined;
}

async function redrive(context: CloudContext, arn: string, clientToken: string): Promise<number> {
  const known = redrivenBy(context, arn, clientToken);
  if (known !== undefined) return known;
  const execution = redrivable(context, arn);
  const definition = definitionOf(readRevision(context.store, execution.revision));
  const events = readEvents(context.store, execution.sequence, { offset: 0, count: maxEvents, reverse: false });
  const root = strandsOf(events, definition) ?? newRoot(execution, definition.StartAt);
  const plan = await planRedrive(context, execution, root);
  return context.store.transaction(() => {
    const isRedriven = redrivenBy(context, arn, clientToken);
    if (isRedriven !== undefined) return isRedriven;
    resume(context, redrivable(context, arn), plan);
    return keepToken(context, arn, clientToken);
  });
}

/** Of an execution that was stopped before its first state. */
function newRoot({ input }: Execution, state: string) {
  const at = { path: '', state, variables: {}, enteredEvent: 0, enteredAtMs: 0, lastEvent: 0 };
  // It was checked to be JSON when the execution was started.
  return { ...at, input: JSON.parse(input) as never };
}

function redrivable(context: CloudContext, arn: string): Execution {
  const execution = findExecution(context.store, arn);
  if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  const reason = whyNotRedrivable(context, execution);
  if (reason === undefined) return execution;
  throw new AwsError('ExecutionNotRedrivable', `Execution is not redrivable: '${arn}'. Reason: ${reason}`);
}

/** When a call with the same token redrove the execution, if that was one of the last, not long ago (documented). */
function redrivenBy({ store, clock }: CloudContext, arn: string, clientToken: string): number | undefined {
  const row = store
    .statement('SELECT redriven_at_ms FROM states_redrives WHERE execution_arn = ? AND client_token = ?')
    .get(arn, clientToken);
  const atMs = row && Number(row['redriven_at_ms']);
  return atMs !== undefined && clock.nowMs() - atMs < tokenMs ? atMs : undefined;
}

function keepToken({ store, clock }: CloudContext, arn: string, clientToken: string): number {
  const nowMs = clock.nowMs();
  store
    .statement('INSERT OR REPLACE INTO states_redrives (execution_arn, client_token, redriven_at_ms) VALUES (?, ?, ?)')
    .run(arn, clientToken, nowMs);
  forgetOldTokens(store, arn);
  return nowMs;
}

function forgetOldTokens(store: Store, arn: string): void {
  store
    .statement(
      `DELETE FROM states_redrives WHERE execution_arn = ?1 AND client_token NOT IN
         (SELECT client_token FROM states_redrives WHERE execution_arn = ?1 ORDER BY redriven_at_ms DESC LIMIT ?2)`,
    )
    .run(arn, tokensKept);
}
