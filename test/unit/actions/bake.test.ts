import { describe, expect, it } from 'vitest';
import type { AlarmSeen } from '../../../shared/actions/gateways/alarms.ts';
import { problemsOf } from '../../../shared/actions/bake/judge.ts';
import run from '../../../shared/actions/bake/run.ts';
import { ActionFailed } from '../../../shared/actions/result.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';
import { ServiceUnavailable } from '../../../shared/errors.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const alarm = (name: string, state = 'OK', more: Partial<AlarmSeen> = {}): AlarmSeen => ({
  ...{ name, state, reason: '', since: '2026-01-05T08:00:00.000Z' },
  ...more,
});
const parameters = (more: object = {}) => ({
  ...{ alarms: ['errors'], durationMinutes: 2, insufficientData: 'unhealthy' as const, checkSeconds: 60 },
  ...more,
});
const look = (seen: AlarmSeen[], more: object = {}) => ({ seen, before: undefined, isLast: false, ...more });

describe('alarms', () => {
  it('are healthy when every one is there and OK', () => {
    const names = { alarms: ['errors', 'latency', 'errors'] };
    expect(problemsOf(parameters(names), look([alarm('errors'), alarm('latency')]))).toEqual([]);
  });

  it('are all named that are not', () => {
    const seen = [
      alarm('a', 'ALARM', { reason: 'Threshold Crossed' }),
      alarm('b', 'INSUFFICIENT_DATA'),
      alarm('c', 'SLEEPY'),
    ];
    expect(problemsOf(parameters({ alarms: ['a', 'b', 'c', 'd'] }), look(seen))).toEqual([
      'alarm a rings (Threshold Crossed)',
      'alarm b has no data',
      'alarm c is in state SLEEPY, which is not known',
      'there is no alarm d',
    ]);
  });

  it.each([
    ['unhealthy', false, 1],
    ['unhealthy', true, 1],
    ['healthy', false, 0],
    ['healthy', true, 0],
    ['healthy-until-end', false, 0],
    ['healthy-until-end', true, 1],
  ] as const)('without data are %s: at the end (%s) that makes %i problems', (insufficientData, isLast, count) => {
    const seen = [alarm('errors', 'INSUFFICIENT_DATA')];
    expect(problemsOf(parameters({ insufficientData }), look(seen, { isLast }))).toHaveLength(count);
  });

  it('that rang between two looks are not healthy, though they are OK again', () => {
    const seen = [alarm('errors', 'OK', { since: '2026-01-05T09:01:30.000Z' })];
    const before = '2026-01-05T09:01:00.000Z';
    expect(problemsOf(parameters(), look(seen, { before }))).toEqual([
      'alarm errors left OK between two looks and came back at 2026-01-05T09:01:30.000Z',
    ]);
    expect(problemsOf(parameters(), look(seen, { before: '2026-01-05T09:02:00.000Z' }))).toEqual([]);
    expect(problemsOf(parameters({ insufficientData: 'healthy' }), look(seen, { before }))).toEqual([]);
    expect(problemsOf(parameters(), look(seen))).toEqual([]);
  });
});

/** Delivers the job, and again with its token every minute, with what each look sees. */
async function bakes(looks: (AlarmSeen[] | Error)[], given: object = {}) {
  let nowMs = startMs;
  let reads = 0;
  const read = async (): Promise<AlarmSeen[]> => {
    const seen = looks[reads] ?? [];
    reads += 1;
    if (seen instanceof Error) throw seen;
    return seen;
  };
  const bench = actionBench(run, { gateways: { alarms: { read } }, clock: { nowMs: () => nowMs } });
  let continuationToken: string | undefined;
  for (;;) {
    const { answers } = await bench.deliver({
      ...{ id: `job-${reads}`, parameters: { alarms: ['errors'], durationMinutes: 2, checkSeconds: 60, ...given } },
      ...(continuationToken !== undefined && { continuationToken }),
    });
    expect(answers).toHaveLength(1);
    const answer = answers[0]?.answer;
    if (answer?.kind !== 'continues') return { answer, reads };
    continuationToken = answer.token;
    nowMs += 60_000;
  }
}

describe('bake', () => {
  it('reads the alarms at its start, between, and at its end', async () => {
    const { answer, reads } = await bakes([[alarm('errors')], [alarm('errors')], [alarm('errors')]]);
    expect(answer).toMatchObject({
      kind: 'succeeded',
      summary: 'the alarm is quiet for 2 of 2 minutes',
      outputs: {
        ...{ startedAt: '2026-01-05T09:00:00.000Z', endedAt: '2026-01-05T09:02:00.000Z' },
        ...{ alarmCount: '1', readCount: '3' },
      },
    });
    expect(reads).toBe(3);
  });

  it.each<[string, (AlarmSeen[] | Error)[], RegExp]>([
    ['rings already', [[alarm('errors', 'ALARM')]], /^not healthy before the bake began: alarm errors rings/],
    ['rings', [[alarm('errors')], [alarm('errors', 'ALARM')]], /^not healthy during the bake: alarm errors rings/],
    ['is deleted', [[alarm('errors')], []], /there is no alarm errors/],
    ['rings at the end', [[alarm('errors')], [alarm('errors')], [alarm('errors', 'ALARM')]], /rings/],
  ])('fails at once when an alarm %s', async (_what, looks, message) => {
    const { answer, reads } = await bakes(looks);
    expect(answer).toMatchObject({ kind: 'failed', type: 'JobFailed', message: expect.stringMatching(message) });
    expect(reads).toBe(looks.length);
  });

  it('fails when the alarms may not be read', async () => {
    const { answer } = await bakes([[alarm('errors')], new ActionFailed('PermissionError', 'no')]);
    expect(answer).toMatchObject({ kind: 'failed', type: 'PermissionError' });
  });

  it('fails when the alarms cannot be read at its start', async () => {
    const { answer } = await bakes([new ServiceUnavailable('no answer')]);
    expect(answer).toMatchObject({ kind: 'failed', type: 'SystemUnavailable' });
  });
});
