import { randomBytes, randomUUID } from 'node:crypto';
import type { DescribeExecutionOutput, SFN, StartExecutionInput } from '@aws-sdk/client-sfn';
import { AwsError, notSupportedLocally } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { Store } from '../../../store/store.ts';
import type { CloudContext } from '../../service-module.ts';
import { findAlias, pickRoute } from '../aliases.ts';
import { checkExecutionArn, executionArn, parseMachineArn } from '../arns.ts';
import { beginExecution } from '../engine.ts';
import { machineIsDeleting, maxPayloadBytes, noSuchMachine, validationError } from '../errors.ts';
import { deleteExecution, findExecution, listExecutions, type Execution } from '../executions.ts';
import { commitTogether } from '../group-commit.ts';
import { readEvents } from '../history.ts';
import { findMachine, readRevision, type Revision } from '../machines.ts';
import { checkName } from '../names.ts';
import { cutPage, pageOf } from '../pages.ts';
import { end } from '../progress.ts';
import { describeRevision, findDescribed } from './describe.ts';

/** Starting, stopping and describing executions. */
export function executionOperations(context: CloudContext): Operations<SFN> {
  const { store, clock } = context;
  return {
    StartExecution: (input) => commitTogether(store, () => start(context, input)),

    StopExecution({ executionArn: arn, error, cause }) {
      return store.transaction(() => {
        const execution = existing(store, arn);
        if (execution.status !== 'RUNNING') return { stopDate: new Date(execution.stoppedAtMs ?? clock.nowMs()) };
        const texts = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
        end(context, execution, 0, { status: 'ABORTED', ...texts });
        return { stopDate: new Date(clock.nowMs()) };
      });
    },

    DescribeExecution: ({ executionArn: arn }) => describe(existing(store, arn)),

    DescribeStateMachineForExecution({ executionArn: arn }) {
      const execution = existing(store, arn);
      const revision = readRevision(store, execution.revision);
      return {
        stateMachineArn: execution.machineArn,
        name: parseMachineArn(execution.machineArn).name,
        updateDate: new Date(revision.createdAtMs),
        ...describeRevision(revision),
      };
    },

    ListExecutions({ stateMachineArn, statusFilter, mapRunArn, redriveFilter, ...paging }) {
      if (mapRunArn !== undefined) throw notSupportedLocally('ListExecutions by mapRunArn');
      if (redriveFilter === 'REDRIVEN') return { executions: [] };
      const { machineArn, arn, version, alias } = parseMachineArn(stateMachineArn);
      if (!findMachine(store, machineArn)) throw noSuchMachine(arn);
      const page = pageOf(paging);
      const filter = {
        machineArn,
        ...(version !== undefined && { versionArn: arn }),
        ...(alias !== undefined && { aliasArn: arn }),
        ...(statusFilter !== undefined && { status: statusFilter }),
      };
      const { items, token } = cutPage(page, listExecutions(store, filter, page));
      return { executions: items.map(listed), ...token };
    },

    GetExecutionHistory({ executionArn: arn, reverseOrder = false, includeExecutionData = true, ...paging }) {
      const execution = existing(store, arn);
      const page = pageOf(paging);
      const found = readEvents(store, execution.arn, { ...page, reverse: reverseOrder });
      const { items, token } = cutPage(page, found);
      return { events: includeExecutionData ? items : items.map(withoutData), ...token };
    },
  };
}

const maxNameAgeMs = 90 * 24 * 3_600_000;

/**
 * The same name and input as a running execution's is that execution; any other use of a name within 90 days of the end
 * of its execution is refused (documented for StartExecution of Standard workflows).
 */
function start(context: CloudContext, input: StartExecutionInput) {
  const { store, clock } = context;
  const target = targetOf(store, input.stateMachineArn);
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
  const startedAtMs = clock.nowMs();
  const { revision, ...origin } = target;
  const trace = input.traceHeader === undefined ? {} : { traceHeader: input.traceHeader };
  beginExecution(
    context,
    { arn, name, input: text, startedAtMs, revision: revision.id, ...origin, ...trace },
    revision,
  );
  return { executionArn: arn, startDate: new Date(startedAtMs) };
}

interface StartTarget {
  readonly machineArn: string;
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
    revision,
    ...(version && { versionArn: found }),
    ...(alias && { aliasArn: alias.arn }),
  };
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

function existing(store: Store, arn: string | undefined): Execution {
  const execution = findExecution(store, checkExecutionArn(arn));
  if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn ?? ''}'`);
  return execution;
}

function describe(execution: Execution): DescribeExecutionOutput {
  const { input, output, error, cause, traceHeader } = execution;
  return {
    ...listed(execution),
    input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(traceHeader !== undefined && { traceHeader }),
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason:
      execution.status === 'RUNNING' || execution.status === 'SUCCEEDED'
        ? `Execution is ${execution.status} and cannot be redriven`
        : 'Redriving is not supported locally',
  };
}

function listed(execution: Execution) {
  const { versionArn, aliasArn, stoppedAtMs } = execution;
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: new Date(execution.startedAtMs),
    ...(stoppedAtMs !== undefined && { stopDate: new Date(stoppedAtMs) }),
    ...(versionArn !== undefined && { stateMachineVersionArn: versionArn }),
    ...(aliasArn !== undefined && { stateMachineAliasArn: aliasArn }),
    redriveCount: 0,
  };
}

const dataMembers = new Set(['input', 'output', 'parameters', 'inputDetails', 'outputDetails', 'assignedVariables']);

/** An event without the data that passed through it (`includeExecutionData: false`). */
function withoutData<Event extends object>(event: Event): Event {
  const entries = Object.entries(event).map(([key, details]: [string, unknown]) => {
    if (typeof details !== 'object' || details === null || details instanceof Date) return [key, details];
    return [key, Object.fromEntries(Object.entries(details).filter(([member]) => !dataMembers.has(member)))];
  });
  // Only optional members of the details were left out.
  return Object.fromEntries(entries) as Event;
}
