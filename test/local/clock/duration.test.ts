import { describe, expect, it } from 'vitest';
import { durationMs } from '../../../local/clock/duration.ts';

describe('durations', () => {
  it.each<[number | string, number]>([
    [1500, 1500],
    ['24h', 86_400_000],
    ['1h 30m', 5_400_000],
    ['1d1s', 86_401_000],
    ['500ms', 500],
    [' 0.5 h ', 1_800_000],
    ['0s', 0],
  ])('[clock.duration] reads %j', (duration, expected) => {
    expect(durationMs(duration)).toBe(expected);
  });

  it.each<number | string>(['', 'soon', '24', '24 hours', '-1h', '1h,2m', -1, Number.NaN, Infinity])(
    '[clock.duration-refused] refuses %j and names the units',
    (duration) => {
      const got = typeof duration === 'string' ? `"${duration}"` : `${duration}`;
      expect(() => durationMs(duration)).toThrow(`the duration ${got} cannot be read`);
      expect(() => durationMs(duration)).toThrow(/ms, s, m, h and d/);
    },
  );
});
