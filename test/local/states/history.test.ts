import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { migrations } from '../../../local/services/states/tables.ts';
import { openStore, type Store } from '../../../local/store/store.ts';
import type { TestCloud } from '../../support/cloud-context.ts';
import { historyOf, historyTypes, makeMachine, openStatesCloud, settle, start } from './states-cloud.ts';

let cloud: TestCloud;

afterEach(() => cloud.close());

/** A machine of so many Pass states. */
function passes(count: number): Record<string, object> {
  return Object.fromEntries(
    Array.from({ length: count }, (_unused, index) => [
      `S${index}`,
      { Type: 'Pass', ...(index + 1 < count ? { Next: `S${index + 1}` } : { End: true }) },
    ]),
  );
}

async function page(executionArn: string, input: object): Promise<HistoryEvent[]> {
  const { events } = await cloud.call<{ events: HistoryEvent[] }>('states', 'GetExecutionHistory', {
    executionArn,
    ...input,
  });
  return events;
}

describe('a history', () => {
  it('is written in one row by what runs without a wait, beside its first event', async () => {
    cloud = await openStatesCloud();
    const execution = await start(cloud, await makeMachine(cloud, passes(9)));
    await settle(cloud, execution);
    expect(await historyOf(cloud, execution)).toHaveLength(1 + 2 * 9 + 1);
    expect(cloud.store.statement('SELECT count(*) AS n FROM states_history').get()).toEqual({ n: 2 });
  });

  it('[states.history.all-pages] has the same events in pages of any size, from either end, however they were written', async () => {
    cloud = await openStatesCloud();
    const states = { First: { Type: 'Wait', Seconds: 1, Next: 'S0' }, ...passes(7) };
    const execution = await start(cloud, await makeMachine(cloud, states));
    await cloud.advance(1_000);
    const whole = await historyOf(cloud, execution);
    expect(whole.map(({ id }) => id)).toEqual(Array.from(whole, (_unused, index) => index + 1));

    for (const maxResults of [1, 2, 3, 5, 18, 100]) {
      for (const reverseOrder of [false, true]) {
        const found: HistoryEvent[] = [];
        let nextToken: string | undefined;
        do {
          const answer = await cloud.call<{ events: HistoryEvent[]; nextToken?: string }>(
            'states',
            'GetExecutionHistory',
            { executionArn: execution, maxResults, reverseOrder, ...(nextToken !== undefined && { nextToken }) },
          );
          found.push(...answer.events);
          nextToken = answer.nextToken;
        } while (nextToken !== undefined);
        expect(found).toEqual(reverseOrder ? whole.toReversed() : whole);
      }
    }
  });

  it('is not mixed with that of the execution started before or after it', async () => {
    cloud = await openStatesCloud();
    const machine = await makeMachine(cloud, passes(2));
    const [one, two, three] = [await start(cloud, machine), await start(cloud, machine), await start(cloud, machine)];
    await cloud.timers.settled();
    const types = await historyTypes(cloud, two);
    expect(types).toHaveLength(6);
    for (const other of [one, three]) expect(await historyTypes(cloud, other)).toEqual(types);
    expect((await page(two, { reverseOrder: true, maxResults: 1 }))[0]?.type).toBe('ExecutionSucceeded');
  });
});

describe('a running execution', () => {
  it('is read once, with its input, however many iterations it has', async () => {
    const store = openStore(':memory:');
    const read: string[] = [];
    const statement = store.statement.bind(store);
    store.statement = (sql) => {
      if (/SELECT .*(\*|input).* FROM states_executions/.test(sql)) read.push(sql);
      return statement(sql);
    };
    cloud = await openStatesCloud(store);
    const each = { Type: 'Map', ItemProcessor: { StartAt: 'S0', States: passes(2) }, End: true };
    const execution = await start(cloud, await makeMachine(cloud, { Each: each }), Array(60).fill('item'));
    await cloud.timers.settled();
    // Once to see that the name is free, and once for the event of its end.
    expect(read).toHaveLength(2);
    cloud = await cloud.restart();
    expect((await settle(cloud, execution)).status).toBe('SUCCEEDED');
  });
});

describe('a store from before histories were written in rows of many events', () => {
  it('keeps the histories of its executions, and goes on with those that run', async () => {
    cloud = await openStatesCloud(oldStore());
    const ended = 'arn:aws:states:us-east-1:123456789012:execution:old:ended';
    const running = 'arn:aws:states:us-east-1:123456789012:execution:old:running';

    expect(await historyOf(cloud, ended)).toEqual([
      event(1, 0, { type: 'ExecutionStarted', executionStartedEventDetails: { input: '{"a":1.0}' } }),
      event(2, 0, { type: 'ExecutionAborted', executionAbortedEventDetails: { cause: 'said "no"' } }),
    ]);
    expect((await settle(cloud, running)).status).toBe('SUCCEEDED');
    expect(
      (await historyOf(cloud, running)).map(({ id, previousEventId, type }) => [id, previousEventId, type]),
    ).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'SucceedStateEntered'],
      [3, 2, 'SucceedStateExited'],
      [4, 3, 'ExecutionSucceeded'],
    ]);
  });
});

function event(id: number, previousEventId: number, more: object): object {
  return { id, previousEventId, timestamp: new Date(1_000), ...more };
}

/** A store as it was written with a row for each event. */
function oldStore(): Store {
  const store = openStore(':memory:');
  const before = migrations.findIndex((step) => step.includes('CREATE TABLE states_history'));
  store.migrate('states', migrations.slice(0, before));
  const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:old';
  const definition = JSON.stringify({ StartAt: 'Done', States: { Done: { Type: 'Succeed' } } });
  store
    .statement(
      `INSERT INTO states_revisions (id, machine_arn, definition, role_arn, logging, tracing, created_at_ms)
       VALUES (1, ?, ?, 'arn:aws:iam::123456789012:role/machine', '{}', '{}', 1000)`,
    )
    .run(machine, definition);
  for (const [name, status, events] of [
    ['ended', 'ABORTED', 2],
    ['running', 'RUNNING', 1],
  ] as const) {
    const arn = `arn:aws:states:us-east-1:123456789012:execution:old:${name}`;
    store
      .statement(
        `INSERT INTO states_executions (arn, machine_arn, revision, name, status, input, started_at_ms, events)
         VALUES (?, ?, 1, ?, ?, '{"a":1.0}', 1000, ?)`,
      )
      .run(arn, machine, name, status, events);
    const insert = store.statement('INSERT INTO states_events VALUES (?, ?, 0, ?, 1000, ?)');
    insert.run(arn, 1, 'ExecutionStarted', '{"executionStartedEventDetails":{"input":"{\\"a\\":1.0}"}}');
    if (events === 2) {
      insert.run(arn, 2, 'ExecutionAborted', '{"executionAbortedEventDetails":{"cause":"said \\"no\\""}}');
      continue;
    }
    store
      .statement(
        `INSERT INTO states_frames (id, execution_arn, path, turn, phase, state, input, variables, entered_at_ms,
           entered_event, last_event, retries, work)
         VALUES (7, ?, '', 1, 'enter', 'Done', '{"a":1.0}', '{}', 1000, 0, 0, '[]', '{}')`,
      )
      .run(arn);
    store.migrate('timers', [
      `CREATE TABLE timers (id TEXT PRIMARY KEY, kind TEXT NOT NULL, due_at_ms INTEGER NOT NULL, sequence INTEGER NOT NULL,
         attempt INTEGER NOT NULL, payload TEXT NOT NULL) STRICT, WITHOUT ROWID`,
    ]);
    store.statement(`INSERT INTO timers VALUES ('states/7/run', 'states.run', 1000, 1, 1, '{"frame":7}')`).run();
  }
  return store;
}
