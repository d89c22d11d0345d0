import { nextCronTime } from './cron-next.ts';
import { parseCron, type Cron } from './cron.ts';
import { instantOf, type LocalTime } from './time-zone.ts';

/** `rate(…)`, `cron(…)` or `at(…)`, read. */
export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'at'; readonly local: LocalTime };

const unitMs: Readonly<Record<string, number | undefined>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Reads a schedule expression; undefined if it is none. `strictUnits` is the rule of EventBridge rules: `1 hour` but
 * `2 hours`.
 */
export function parseScheduleExpression(
  text: string,
  options: { strictUnits: boolean },
): ScheduleExpression | undefined {
  const [, kind, argument = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text.trim()) ?? [];
  if (kind === 'rate') return parseRate(argument, options.strictUnits);
  if (kind === 'at') return parseAt(argument);
  if (kind !== 'cron') return undefined;
  const cron = parseCron(argument);
  return cron && { kind: 'cron', cron };
}

function parseRate(text: string, strictUnits: boolean): ScheduleExpression | undefined {
  const [, digits = '', unit = '', plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(text.trim()) ?? [];
  const value = Number(digits);
  if (plural === undefined || (strictUnits && (value === 1) === (plural === 's'))) return undefined;
  return { kind: 'rate', everyMs: value * (unitMs[unit] ?? 0) };
}

function parseAt(text: string): ScheduleExpression | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text.trim());
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const written = new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toISOString().slice(0, 19);
  // A date that does not exist (30 February) would be another one.
  if (written !== text.trim()) return undefined;
  return { kind: 'at', local: { year, month, day, hour, minute, second } };
}

/** From when and where a schedule runs. */
export interface ScheduleFrame {
  readonly afterMs: number;
  /** Where a rate counts from; itself a run if it is still to come. */
  readonly anchorMs: number;
  readonly timeZone: string;
}

/** The first run after `afterMs`; undefined when there is none any more. */
export function nextRun(expression: ScheduleExpression, frame: ScheduleFrame): number | undefined {
  const { afterMs, anchorMs, timeZone } = frame;
  switch (expression.kind) {
    case 'rate': {
      if (afterMs < anchorMs) return anchorMs;
      const passed = Math.floor((afterMs - anchorMs) / expression.everyMs);
      return anchorMs + (passed + 1) * expression.everyMs;
    }
    case 'cron':
      return nextCronTime(expression.cron, afterMs, timeZone);
    case 'at': {
      const atMs = instantOf(expression.local, timeZone);
      return atMs !== undefined && atMs > afterMs ? atMs : undefined;
    }
  }
}
