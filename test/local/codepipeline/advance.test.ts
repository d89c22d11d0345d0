import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../../local/services/codepipeline/engine/advance.ts';
import type { Phase, Situation, StageSituation } from '../../../local/services/codepipeline/engine/step.ts';

type ActionStatus = 'InProgress' | 'Succeeded' | 'Failed' | 'Abandoned';

const stages: StageSituation[] = [
  { name: 'Source', actions: [{ name: 'Fetch', runOrder: 1 }], isClosed: false, waiting: [] },
  {
    name: 'Test',
    actions: [
      { name: 'Unit', runOrder: 1 },
      { name: 'Lint', runOrder: 1 },
      { name: 'Load', runOrder: 5 },
    ],
    isClosed: false,
    waiting: [],
  },
];

function situation(
  at: { stage: string; phase: Phase } | undefined,
  actions: Record<string, ActionStatus> = {},
  changes: Partial<Situation['execution']> & { test?: Partial<StageSituation>; mode?: Situation['mode'] } = {},
): Situation {
  const { test, mode = 'SUPERSEDED', ...execution } = changes;
  return {
    mode,
    stages: stages.map((stage) => (stage.name === 'Test' ? { ...stage, ...test } : stage)),
    execution: {
      id: 'e2',
      sequence: 2,
      status: 'InProgress',
      ...(at && { at }),
      actions: new Map(Object.entries(actions)),
      conditions: {},
      isRollback: false,
      isAutoRetried: false,
      ...execution,
    },
  };
}

const inTest = { stage: 'Test', phase: 'inside' as const };
const beforeTest = { stage: 'Test', phase: 'waiting' as const };

describe('advance', () => {
  it('arrives at the first stage', () => {
    expect(advance(situation(undefined))).toEqual({ kind: 'arrive', stage: 'Source', supersedes: [] });
  });

  it('enters a stage that is free and waits for one that is locked', () => {
    expect(advance(situation(beforeTest))).toEqual({ kind: 'enter', stage: 'Test' });
    expect(advance(situation(beforeTest, {}, { test: { lockedBy: 'e1' } }))).toBeUndefined();
  });

  it('supersedes the older execution that waits where it arrives', () => {
    const passed = { stage: 'Source', phase: 'succeeded' as const };
    const waiting = [{ id: 'e1', sequence: 1 }];
    expect(advance(situation(passed, {}, { test: { waiting } }))).toEqual({
      kind: 'arrive',
      stage: 'Test',
      supersedes: ['e1'],
    });
  });

  it('is superseded where a newer execution waits already', () => {
    const passed = { stage: 'Source', phase: 'succeeded' as const };
    const waiting = [{ id: 'e3', sequence: 3 }];
    expect(advance(situation(passed, {}, { test: { waiting } }))).toEqual({ kind: 'finish', status: 'Superseded' });
  });

  it('does not enter a stage whose transition is disabled, in any mode', () => {
    for (const mode of ['SUPERSEDED', 'QUEUED', 'PARALLEL'] as const) {
      expect(advance(situation(beforeTest, {}, { mode, test: { isClosed: true } }))).toBeUndefined();
    }
  });

  const older = [{ id: 'e1', sequence: 1 }];
  const newer = [{ id: 'e3', sequence: 3 }];
  it.each<[string, Situation['mode'], Partial<StageSituation>, unknown]>([
    ['QUEUED waits for the stage', 'QUEUED', { lockedBy: 'e1' }, undefined],
    ['QUEUED lets the older execution go first', 'QUEUED', { waiting: older }, undefined],
    ['QUEUED enters before the newer one', 'QUEUED', { waiting: newer }, { kind: 'enter', stage: 'Test' }],
    ['PARALLEL waits for nobody', 'PARALLEL', { lockedBy: 'e1', waiting: older }, { kind: 'enter', stage: 'Test' }],
  ])('in the mode %s', (_, mode, test, step) => {
    expect(advance(situation(beforeTest, {}, { mode, test }))).toEqual(step);
  });

  it.each(['QUEUED', 'PARALLEL'] as const)('in the mode %s supersedes nothing and is not superseded', (mode) => {
    const passed = { stage: 'Source', phase: 'succeeded' as const };
    const step = advance(situation(passed, {}, { mode, test: { waiting: [...older, ...newer] } }));
    expect(step).toEqual({ kind: 'arrive', stage: 'Test', supersedes: [] });
  });

  it.each<[string, Record<string, ActionStatus>, unknown]>([
    ['starts the lowest run order together', {}, { kind: 'start', stage: 'Test', actions: ['Unit', 'Lint'] }],
    ['waits while one of the group runs', { Unit: 'Succeeded', Lint: 'InProgress' }, undefined],
    [
      'starts the next group after the whole first',
      { Unit: 'Succeeded', Lint: 'Succeeded' },
      { kind: 'start', stage: 'Test', actions: ['Load'] },
    ],
    ['lets the sibling of a failed action run on', { Unit: 'Failed', Lint: 'InProgress' }, undefined],
    [
      'fails when nothing runs any more',
      { Unit: 'Failed', Lint: 'Succeeded' },
      { kind: 'leave', stage: 'Test', phase: 'failed', rollBack: false },
    ],
    [
      'succeeds when all have',
      { Unit: 'Succeeded', Lint: 'Succeeded', Load: 'Succeeded' },
      { kind: 'leave', stage: 'Test', phase: 'succeeded', rollBack: false },
    ],
  ])('in a stage %s', (_, actions, step) => {
    expect(advance(situation(inTest, actions))).toEqual(step);
  });

  it.each<[string, { stage: string; phase: Phase }, Record<string, ActionStatus>, unknown]>([
    [
      'starts nothing new',
      inTest,
      { Unit: 'Succeeded', Lint: 'Succeeded' },
      { kind: 'leave', stage: 'Test', phase: 'stopped', rollBack: false },
    ],
    ['waits for what runs', inTest, { Unit: 'InProgress' }, undefined],
    ['stops in front of a stage at once', beforeTest, {}, { kind: 'finish', status: 'Stopped' }],
    [
      'does not go on to the next stage',
      { stage: 'Source', phase: 'succeeded' },
      {},
      { kind: 'finish', status: 'Stopped' },
    ],
    ['stops after its stage has', { stage: 'Test', phase: 'stopped' }, {}, { kind: 'finish', status: 'Stopped' }],
  ])('when stopping %s', (_, at, actions, step) => {
    expect(advance(situation(at, actions, { status: 'Stopping' }))).toEqual(step);
  });

  const failing = { Unit: 'Failed', Lint: 'Succeeded' } as const;
  it.each<[string, 'ROLLBACK' | 'RETRY', Partial<Situation['execution']>, unknown]>([
    ['rolls back', 'ROLLBACK', {}, { kind: 'leave', stage: 'Test', phase: 'failed', rollBack: true }],
    ['retries', 'RETRY', {}, { kind: 'retry', stage: 'Test' }],
    [
      'fails after the one automatic retry',
      'RETRY',
      { isAutoRetried: true },
      { kind: 'leave', stage: 'Test', phase: 'failed', rollBack: false },
    ],
    [
      'neither retries nor rolls back a rollback',
      'ROLLBACK',
      { isRollback: true },
      { kind: 'leave', stage: 'Test', phase: 'failed', rollBack: false },
    ],
  ])('on a failure %s', (_, onFailure, changes, step) => {
    expect(advance(situation(inTest, failing, { ...changes, test: { onFailure } }))).toEqual(step);
  });

  it('lets a rollback enter at once, past those that wait', () => {
    const { stages: all, ...rest } = situation(undefined, {}, { isRollback: true, test: { waiting: newer } });
    expect(advance({ ...rest, stages: all.slice(1) })).toEqual({ kind: 'enter', stage: 'Test' });
  });

  it('finishes after the last stage, and with a failed one', () => {
    expect(advance(situation({ stage: 'Test', phase: 'succeeded' }))).toEqual({ kind: 'finish', status: 'Succeeded' });
    expect(advance(situation({ stage: 'Source', phase: 'failed' }))).toEqual({ kind: 'finish', status: 'Failed' });
  });

  it('does nothing with an execution that has ended', () => {
    for (const status of ['Succeeded', 'Failed', 'Stopped', 'Superseded', 'Cancelled'] as const) {
      expect(advance(situation(inTest, {}, { status }))).toBeUndefined();
    }
  });

  it('never starts an action twice, nor one before every lower run order has succeeded', () => {
    const status = fc.constantFrom<ActionStatus | undefined>(
      'InProgress',
      'Succeeded',
      'Failed',
      'Abandoned',
      undefined,
    );
    fc.assert(
      fc.property(fc.tuple(status, status, status), ([unit, lint, load]) => {
        const known = Object.entries({ Unit: unit, Lint: lint, Load: load }).filter(([, value]) => value !== undefined);
        const actions = Object.fromEntries(known) as Record<string, ActionStatus>;
        const step = advance(situation(inTest, actions));
        if (step?.kind !== 'start') return true;
        const isFresh = step.actions.every((name) => !(name in actions));
        return isFresh && (!step.actions.includes('Load') || (unit === 'Succeeded' && lint === 'Succeeded'));
      }),
    );
  });
});
