import type { CloudClock } from '../../local/clock/clock.ts';

/** A cloud's clock that only jumps. It does not read `Date`, which shows its time to the functions. */
export function jumpingClock(startMs: number): CloudClock {
  let nowMs = startMs;
  return {
    mode: { kind: 'virtual', startMs },
    nowMs: () => nowMs,
    hold: () => () => undefined,
    isHeld: () => false,
    onReleased: () => undefined,
    realMsUntil: () => Infinity,
    jumpTo: (atMs) => void (nowMs = Math.max(nowMs, atMs)),
    shared: new SharedArrayBuffer(24),
  };
}
