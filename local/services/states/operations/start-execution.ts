import { randomBytes, randomUUID } from 'node:crypto';
import type { SFN, StartExecutionInput, StartSyncExecutionInput, StartSyncExecutionOutput } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../errors.ts';
import { waitOnServiceTime } from '../../../gateway/request-hold.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { Store } from '../../../store/store.ts';
import type { CloudContext } from '../../service-module.ts';
import { findAlias, pickRoute } from '../aliases.ts';
import { executionArn, parseMachineArn } from '../arns.ts';
import { beginExecution } from '../engine.ts';
import {
  checkLength,
  machineIsDeleting,
  maxPayloadBytes,
  noSuchMachine,
  typeNotSupported,
  validationError,
} from '../errors.ts';
import { deleteExecution, findExecution, type Execution } from '../executions.ts';
import { expressArn, noteCaller, waitForEnd } from '../express.ts';
import { commitTogether } from '../group-commit.ts';
import type { Machine, Revision } from '../machines.ts';
import { checkName } from '../names.ts';
import { findDescribed } from './describe.ts';

/** Starting executions of Standard and Express machines. */
export function startOperations(context: CloudContext): Operations<SFN> {
  const { store } = context;
  return {
    StartExecution: (input) =>
      commitTogether(store, () => {
        const target = targetOf(store, input.stateMachineArn);
        return target.type === 'STANDARD'
          ? startStandard(context, target, input)
          : startExpress(context, target, input);
      }),

    async StartSyncExecution(input) {
      return describeSync(await startSync(context, input), input.includedData);
    },
  };
}

const maxNameAgeMs = 90 * 24 * 3_600_000;

/**
 * The same name and input as a running execution's is that execution; any other use of a name within 90 days of the end
 * of its execution is refused (documented for StartExecution of Standard workflows).
 */
function startStandard(context: CloudContext, target: StartTarget, input: StartExecutionInput) {
  const { store, clock } = context;
  const name = checkName(input.name ?? randomUUID());
  const text = checkInput(input.input ?? '{}');
  const arn = executionArn(target.machineArn, name);
  const known = findExecution(store, arn);
  if (known?.status === 'RUNNING' && known.input === text) {
    return { executionArn: arn, startDate: new Date(known.startedAtMs) };
  }
  if (known && (known.status === 'RUNNING' || clock.nowMs() - (known.stoppedAtMs ?? 0) < maxNameAgeMs)) {
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
  if (known) deleteExecution(store, arn);
  return begin(context, target, { arn, name, text, traceHeader: input.traceHeader });
}

/** A name may come again while it runs: StartExecution is not idempotent for Express workflows. */
function startExpress(context: CloudContext, target: StartTarget, input: StartExecutionInput) {
  const name = checkName(input.name ?? randomUUID());
  const text = checkInput(input.input ?? '{}');
  return begin(context, target, {
    arn: expressArn(target.machineArn, name),
    name,
    text,
    traceHeader: input.traceHeader,
  });
}

async function startSync(context: CloudContext, input: StartSyncExecutionInput): Promise<Execution> {
  const { executionArn: arn } = await commitTogether(context.store, () => {
    const target = targetOf(context.store, input.stateMachineArn);
    if (target.type !== 'EXPRESS') throw typeNotSupported('StartSyncExecution', target.type);
    const started = startExpress(context, target, input);
    noteCaller(context.store, started.executionArn);
    return started;
  });
  return waitOnServiceTime(waitForEnd(context.store, arn));
}

const billedMemoryMegabytes = 64;
const billedStepMs = 100;

/** An ended execution; its use is what AWS bills at least: 64 MB, and time in steps of 100 ms. */
function describeSync(
  { input, output, error, cause, traceHeader, ...ended }: Execution,
  includedData: string | undefined,
): StartSyncExecutionOutput {
  const stoppedAtMs = ended.stoppedAtMs ?? ended.startedAtMs;
  const steps = Math.max(1, Math.ceil((stoppedAtMs - ended.startedAtMs) / billedStepMs));
  const isWhole = includedData !== 'METADATA_ONLY';
  return {
    executionArn: ended.arn,
    stateMachineArn: ended.versionArn ?? ended.machineArn,
    name: ended.name,
    startDate: new Date(ended.startedAtMs),
    stopDate: new Date(stoppedAtMs),
    // It ends in one of these ways only: nothing stops an Express execution but a restart, which tells nobody.
    status: ended.status as StartSyncExecutionOutput['status'],
    ...(isWhole && { input, inputDetails: { included: true } }),
    ...(isWhole && output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(traceHeader !== undefined && { traceHeader }),
    billingDetails: {
      billedMemoryUsedInMB: billedMemoryMegabytes,
      billedDurationInMilliseconds: steps * billedStepMs,
    },
  };
}

interface StartTarget {
  readonly machineArn: string;
  readonly type: Machine['type'];
  readonly revision: Revision;
  readonly versionArn?: string;
  readonly aliasArn?: string;
}

/** What an execution of a machine, a version or an alias runs. */
function targetOf(store: Store, arn: string | undefined): StartTarget {
  const reference = parseMachineArn(arn);
  const alias = reference.alias === undefined ? undefined : findAlias(store, reference.arn);
  if (reference.alias !== undefined && !alias) throw noSuchMachine(reference.arn);
  const route = alias && pickRoute(alias.routing, randomBytes(6).readUIntBE(0, 6) / 2 ** 48);
  const { machine, revision, version, arn: found } = findDescribed(store, route ?? reference.arn);
  if (machine.status === 'DELETING') throw machineIsDeleting(machine.arn);
  return {
    machineArn: machine.arn,
    type: machine.type,
    revision,
    ...(version && { versionArn: found }),
    ...(alias && { aliasArn: alias.arn }),
  };
}

function begin(
  context: CloudContext,
  { revision, type: _type, ...origin }: StartTarget,
  given: { arn: string; name: string; text: string; traceHeader: string | undefined },
) {
  checkLength('traceHeader', given.traceHeader, 256);
  const startedAtMs = context.clock.nowMs();
  const trace = given.traceHeader === undefined ? {} : { traceHeader: given.traceHeader };
  const { arn, name, text: input } = given;
  beginExecution(context, { arn, name, input, startedAtMs, revision: revision.id, ...origin, ...trace }, revision);
  return { executionArn: arn, startDate: new Date(startedAtMs) };
}

function checkInput(input: string): string {
  if (Buffer.byteLength(input) > maxPayloadBytes) {
    throw validationError(
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${maxPayloadBytes}`,
    );
  }
  try {
    JSON.parse(input);
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'Invalid execution input.';
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${problem}'`);
  }
  return input;
}
