import { describe, expect, it } from 'vitest';
import { nextRun, parseScheduleExpression } from '../../../local/services/scheduler/schedule-expression.ts';

/** The first runs after a time, as ISO texts without seconds. */
function runs(expression: string, after: string, options: { count?: number; timeZone?: string } = {}): string[] {
  const { count = 1, timeZone = 'UTC' } = options;
  const parsed = parseScheduleExpression(expression, { strictUnits: true });
  if (!parsed) throw new Error(`${expression} is refused`);
  const found: string[] = [];
  let afterMs = Date.parse(after);
  for (let at = nextRun(parsed, { afterMs, anchorMs: afterMs, timeZone }); at !== undefined;) {
    found.push(new Date(at).toISOString().slice(0, 16));
    if (found.length === count) break;
    afterMs = at;
    at = nextRun(parsed, { afterMs, anchorMs: Date.parse(after), timeZone });
  }
  return found;
}

// 2026-01-02 is a Friday.
const friday = '2026-01-02T00:00:00Z';

describe('the examples of the EventBridge user guide', () => {
  it.each<[string, string, string[]]>([
    ['cron(0 10 * * ? *)', '10:00 every day', ['2026-01-02T10:00', '2026-01-03T10:00']],
    ['cron(15 12 * * ? *)', '12:15 every day', ['2026-01-02T12:15', '2026-01-03T12:15']],
    ['cron(0 18 ? * MON-FRI *)', '18:00 from Monday to Friday', ['2026-01-02T18:00', '2026-01-05T18:00']],
    ['cron(0 8 1 * ? *)', '8:00 on the first of each month', ['2026-02-01T08:00', '2026-03-01T08:00']],
    ['cron(0/15 * * * ? *)', 'every 15 minutes', ['2026-01-02T00:15', '2026-01-02T00:30', '2026-01-02T00:45']],
    ['cron(0/10 * ? * MON-FRI *)', 'every 10 minutes on weekdays', ['2026-01-02T00:10', '2026-01-02T00:20']],
    ['cron(0/5 8-17 ? * MON-FRI *)', 'every 5 minutes from 8:00 to 17:55', ['2026-01-02T08:00', '2026-01-02T08:05']],
    ['cron(0/30 20-2 ? * MON-FRI *)', 'every 30 minutes over midnight', ['2026-01-02T00:30', '2026-01-02T01:00']],
    ['cron(15 10 ? * 6L 2026-2027)', 'the last Friday of each month', ['2026-01-30T10:15', '2026-02-27T10:15']],
    ['cron(0 9 ? * 2#1 *)', 'the first Monday of each month', ['2026-01-05T09:00', '2026-02-02T09:00']],
    ['cron(0 9 ? * 3#2 *)', 'the second Tuesday of each month', ['2026-01-13T09:00', '2026-02-10T09:00']],
    ['cron(1/10 0 * * ? *)', 'every tenth minute from the first', ['2026-01-02T00:01', '2026-01-02T00:11']],
    ['cron(0 9 3W * ? *)', 'the weekday nearest to the third', ['2026-01-02T09:00', '2026-02-03T09:00']],
    ['cron(0 9 L * ? *)', 'the last day of the month', ['2026-01-31T09:00', '2026-02-28T09:00']],
    ['cron(0 9 ? JAN,MAR SUN *)', 'Sundays of January and March', ['2026-01-04T09:00', '2026-01-11T09:00']],
    ['cron(0 9 ? * 1 *)', '1 is Sunday', ['2026-01-04T09:00']],
  ])('[scheduler.cron.examples] %s: %s', (expression, _meaning, expected) => {
    expect(runs(expression, friday, { count: expected.length })).toEqual(expected);
  });
});

describe('cron beyond the examples', () => {
  it.each<[string, string, string[]]>([
    ['cron(0 9 LW * ? *)', 'the last weekday of the month', ['2026-01-30T09:00', '2026-02-27T09:00']],
    ['cron(0 9 1W * ? *)', 'W never leaves the month', ['2026-02-02T09:00', '2026-03-02T09:00']],
    ['cron(0 9 31W * ? *)', 'W leaves out shorter months', ['2026-01-30T09:00', '2026-03-31T09:00']],
    ['cron(0 9 30 2 ? *)', 'a day that no month has', []],
    ['cron(0 9 29 2 ? *)', 'leap years', ['2028-02-29T09:00', '2032-02-29T09:00']],
    ['cron(0 9 ? * 6#5 *)', 'the fifth Friday, where there is one', ['2026-01-30T09:00', '2026-05-29T09:00']],
    ['cron(0 0 1 1 ? 2025)', 'a year that has passed', []],
    ['cron(0 9 ? * L *)', 'L alone is Saturday', ['2026-01-03T09:00']],
    [
      'cron(0 9 ? * FRI-MON *)',
      'days over the end of the week',
      ['2026-01-02T09:00', '2026-01-03T09:00', '2026-01-04T09:00'],
    ],
  ])('[scheduler.cron.beyond] %s: %s', (expression, _meaning, expected) => {
    expect(runs(expression, friday, { count: Math.max(1, expected.length) })).toEqual(expected);
  });

  it.each([
    'cron(0 10 * * * *)',
    'cron(0 10 ? * ? *)',
    'cron(0 10 * * ?)',
    'cron(60 10 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 10 32 * ? *)',
    'cron(0 10 ? * 0 *)',
    'cron(0 10 ? * 8 *)',
    'cron(0 10 ? * 2#6 *)',
    'cron(0 10 ? * 2#1,3#2 *)',
    'cron(0 10 ? * MON/2 *)',
    'cron(0/0 10 * * ? *)',
    'cron(0 10 * 13 ? *)',
    'cron(0 10 * * ? 1969)',
    'cron(0 10 * * ? 2030-2026)',
    'cron(a 10 * * ? *)',
    'rate(0 minutes)',
    'rate(1 minutes)',
    'rate(5 minute)',
    'rate(5 weeks)',
    'at(2026-02-30T10:00:00)',
    'at(2026-02-03)',
    'every day',
  ])('[scheduler.expression.refused] refuses %s', (expression) => {
    expect(parseScheduleExpression(expression, { strictUnits: true })).toBeUndefined();
  });
});

describe('time zones', () => {
  it('[scheduler.dst.local-hour] keep the local hour when the clocks change', () => {
    const options = { count: 2, timeZone: 'Europe/Berlin' };
    expect(runs('cron(0 9 28,29 3 ? 2026)', '2026-03-01T00:00:00Z', options)).toEqual([
      '2026-03-28T08:00',
      '2026-03-29T07:00',
    ]);
  });

  it('[scheduler.dst.missing] skip a local time that does not exist', () => {
    const options = { count: 2, timeZone: 'America/New_York' };
    expect(runs('cron(30 2 * * ? *)', '2026-03-07T12:00:00Z', options)).toEqual([
      '2026-03-09T06:30',
      '2026-03-10T06:30',
    ]);
  });

  it('[scheduler.dst.doubled] run once at a local time that comes twice', () => {
    const options = { count: 2, timeZone: 'America/New_York' };
    expect(runs('cron(30 1 * * ? *)', '2026-11-01T00:00:00Z', options)).toEqual([
      '2026-11-01T05:30',
      '2026-11-02T06:30',
    ]);
  });

  it('[scheduler.dst.doubled-hour] run each minute of a doubled hour once', () => {
    const options = { count: 4, timeZone: 'America/New_York' };
    expect(runs('cron(0/30 1-2 1,2 11 ? 2026)', '2026-11-01T00:00:00Z', options)).toEqual([
      '2026-11-01T05:00',
      '2026-11-01T05:30',
      '2026-11-01T07:00',
      '2026-11-01T07:30',
    ]);
  });

  it('[scheduler.dst.at-missing] never run at a time that the clocks leave out', () => {
    expect(runs('at(2026-03-08T02:30:00)', friday, { timeZone: 'America/New_York' })).toEqual([]);
  });

  it('[scheduler.dst.rate] do not move a rate', () => {
    const options = { count: 2, timeZone: 'America/New_York' };
    expect(runs('rate(1 day)', '2026-03-07T12:00:00Z', options)).toEqual(['2026-03-08T12:00', '2026-03-09T12:00']);
  });

  it('[scheduler.at.time-zone] give at its local time', () => {
    expect(runs('at(2026-06-01T10:00:00)', friday, { timeZone: 'Asia/Tokyo' })).toEqual(['2026-06-01T01:00']);
  });
});

describe('rates', () => {
  it('[scheduler.rate.anchor] count from their anchor', () => {
    expect(runs('rate(7 hours)', friday, { count: 3 })).toEqual([
      '2026-01-02T07:00',
      '2026-01-02T14:00',
      '2026-01-02T21:00',
    ]);
  });
});
