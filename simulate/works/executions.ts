import { paginateGetExecutionHistory, type HistoryEvent, type SFN } from '@aws-sdk/client-sfn';
import type { Aws } from '../aws.ts';
import type { HeardEvent } from '../heard.ts';
import { expectThere, together, whole, type Finding, type Work } from '../work.ts';
import { expectCalled } from '../calls.ts';

/** An execution of the workflow: it ends once, its history has no gap, and the bus hears of one end. */
export const executions: Work = {
  name: 'executions',
  async begin({ sfn, output }, piece) {
    await sfn.startExecution({ stateMachineArn: output('Machine'), name: piece, input: '{}' });
  },
  async check(piece, { aws, heard }) {
    const executionArn = `${aws.output('Machine').replace(':stateMachine:', ':execution:')}:${piece.name}`;
    const status = await statusOf(aws.sfn, executionArn);
    if (status === undefined) {
      return { missing: [], broken: piece.isAcknowledged ? [`the execution ${piece.name} is not there`] : [] };
    }
    if (status === 'RUNNING') return { missing: [`the end of the execution ${piece.name}`], broken: [] };
    const started = { name: piece.name, isAcknowledged: true };
    return together([
      status === 'SUCCEEDED' ? whole : { missing: [], broken: [`the execution ${piece.name} ended ${status}`] },
      gaps(piece.name, await historyOf(aws.sfn, executionArn)),
      endsHeard(piece.name, heard.eventsOf(executionArn)),
      await expectCalled({ ...started, name: `${piece.name}/first` }, aws),
      await expectCalled({ ...started, name: `${piece.name}/each` }, aws),
      await written(aws, piece.name),
    ]);
  },
};

async function statusOf(sfn: SFN, executionArn: string): Promise<string | undefined> {
  try {
    return (await sfn.describeExecution({ executionArn })).status;
  } catch (error) {
    if ((error as Error).name === 'ExecutionDoesNotExist') return undefined; // the SDK throws errors only
    throw error;
  }
}

async function historyOf(client: SFN, executionArn: string): Promise<HistoryEvent[]> {
  const history: HistoryEvent[] = [];
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn }))
    history.push(...events);
  return history;
}

function gaps(name: string, history: readonly HistoryEvent[]): Finding {
  const ends = history.filter(({ type }) => /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(type ?? ''));
  const broken = [
    ...(history.every(({ id }, index) => id === index + 1) ? [] : [`the history of ${name} has a gap`]),
    ...(history.every(({ id = 0, previousEventId = 0 }) => previousEventId < id)
      ? []
      : [`an event of ${name} follows a later one`]),
    ...(ends.length === 1 && history.at(-1) === ends[0] ? [] : [`${name} has ${ends.length} ends in its history`]),
  ];
  return { missing: [], broken };
}

function endsHeard(name: string, events: readonly HeardEvent[]): Finding {
  const ends = events.filter(({ detail }) => detail['status'] !== 'RUNNING');
  if (ends.length > 1) return { missing: [], broken: [`${ends.length} events tell the end of ${name}`] };
  return expectThere(ends.length === 1, `the event that tells the end of ${name}`);
}

async function written({ dynamodb, output }: Aws, name: string): Promise<Finding> {
  const { Item: item } = await dynamodb.getItem({
    TableName: output('Table'),
    Key: { pk: { S: `written/${name}` } },
    ConsistentRead: true,
  });
  return item ? whole : { missing: [], broken: [`${name} ended and its write is not there`] };
}
