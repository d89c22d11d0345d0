import type { DescribeExecutionOutput, SFN } from '@aws-sdk/client-sfn';
import { AwsError, notSupportedLocally } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { Store } from '../../../store/store.ts';
import type { CloudContext } from '../../service-module.ts';
import { checkExecutionArn, parseMachineArn } from '../arns.ts';
import { checkErrorTexts, noSuchMachine, typeNotSupported } from '../errors.ts';
import { findExecution, listExecutions, type Execution } from '../executions.ts';
import { readEvents } from '../history.ts';
import { findMachine, readRevision } from '../machines.ts';
import { cutPage, pageOf } from '../pages.ts';
import { end } from '../progress.ts';
import { whyNotRedrivable } from './redrive.ts';
import { describeRevision } from './describe.ts';

/** Stopping, describing and listing executions of Standard machines. */
export function executionOperations(context: CloudContext): Operations<SFN> {
  const { store, clock } = context;
  return {
    StopExecution({ executionArn: arn, error, cause }) {
      checkErrorTexts({ error, cause });
      return store.transaction(() => {
        const execution = existing(store, arn);
        if (execution.status !== 'RUNNING') return { stopDate: new Date(execution.stoppedAtMs ?? clock.nowMs()) };
        const texts = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
        end(context, execution, 0, { status: 'ABORTED', ...texts });
        return { stopDate: new Date(clock.nowMs()) };
      });
    },

    DescribeExecution: ({ executionArn: arn, includedData }) => describe(context, existing(store, arn), includedData),

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
      const { machineArn, arn, version, alias } = parseMachineArn(stateMachineArn);
      const machine = findMachine(store, machineArn);
      if (!machine) throw noSuchMachine(arn);
      if (machine.type !== 'STANDARD') throw typeNotSupported('ListExecutions', machine.type);
      const page = pageOf(paging);
      const filter = {
        machineArn,
        ...(version !== undefined && { versionArn: arn }),
        ...(alias !== undefined && { aliasArn: arn }),
        ...(statusFilter !== undefined && { status: statusFilter }),
        ...(redriveFilter !== undefined && { isRedriven: redriveFilter === 'REDRIVEN' }),
      };
      const { items, token } = cutPage(page, listExecutions(store, filter, page));
      return { executions: items.map(listed), ...token };
    },

    GetExecutionHistory({ executionArn: arn, reverseOrder = false, includeExecutionData = true, ...paging }) {
      const execution = existing(store, arn);
      const page = pageOf(paging);
      const found = readEvents(store, execution.sequence, { ...page, reverse: reverseOrder });
      const { items, token } = cutPage(page, found);
      return { events: includeExecutionData ? items : items.map(withoutData), ...token };
    },
  };
}

function existing(store: Store, arn: string | undefined): Execution {
  const execution = findExecution(store, checkExecutionArn(arn));
  if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn ?? ''}'`);
  return execution;
}

function describe(
  context: CloudContext,
  execution: Execution,
  includedData: string | undefined,
): DescribeExecutionOutput {
  const isWhole = includedData !== 'METADATA_ONLY';
  const reason = whyNotRedrivable(context, execution);
  const { input, output, error, cause, traceHeader } = execution;
  return {
    ...listed(execution),
    ...(isWhole && { input, inputDetails: { included: true } }),
    ...(isWhole && output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(traceHeader !== undefined && { traceHeader }),
    ...(reason === undefined
      ? { redriveStatus: 'REDRIVABLE' as const }
      : { redriveStatus: 'NOT_REDRIVABLE' as const, redriveStatusReason: reason }),
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
    redriveCount: execution.redriveCount,
    ...(execution.redrivenAtMs !== undefined && { redriveDate: new Date(execution.redrivenAtMs) }),
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
