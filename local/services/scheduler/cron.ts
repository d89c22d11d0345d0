/**
 * A cron expression of AWS: minutes, hours, day of month, month, day of week, year. Days of the week count from
 * 1 = Sunday. Source: the field table of the EventBridge and EventBridge Scheduler user guides.
 */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly days: DayRule;
}

/** Which days of a month: either by day of month or by day of week; the other field is `?`. */
export type DayRule =
  | { readonly by: 'month'; readonly parts: readonly MonthDay[] }
  | { readonly by: 'week'; readonly parts: readonly WeekDay[] };

/** A day of the month; `weekday` is the weekday nearest to it, `last` the last day (or last weekday). */
export type MonthDay =
  | { readonly kind: 'day'; readonly day: number }
  | { readonly kind: 'weekday'; readonly day: number }
  | { readonly kind: 'last' }
  | { readonly kind: 'last-weekday' };

/** A day of the week, 1 = Sunday; the nth or the last of the month. */
export type WeekDay =
  | { readonly kind: 'every'; readonly day: number }
  | { readonly kind: 'nth'; readonly day: number; readonly n: number }
  | { readonly kind: 'last'; readonly day: number };

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Field {
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  readonly steps: boolean;
}

const fields = {
  minute: { from: 0, to: 59, steps: true },
  hour: { from: 0, to: 23, steps: true },
  monthDay: { from: 1, to: 31, steps: true },
  month: { from: 1, to: 12, names: monthNames, steps: true },
  // The documented wildcards of this field have no slash.
  weekDay: { from: 1, to: 7, names: dayNames, steps: false },
  year: { from: 1970, to: 2199, steps: true },
} satisfies Record<string, Field>;

/** Reads what stands between the parentheses of `cron(…)`; undefined if AWS would refuse it. */
export function parseCron(text: string): Cron | undefined {
  const parts = text.trim().split(/\s+/);
  const [minute = '', hour = '', monthDay = '', month = '', weekDay = '', year = ''] = parts;
  if (parts.length !== 6) return undefined;
  const minutes = parseField(minute, fields.minute);
  const hours = parseField(hour, fields.hour);
  const months = parseField(month, fields.month);
  const years = parseField(year, fields.year);
  const days = parseDays(monthDay, weekDay);
  if (!minutes || !hours || !months || !years || !days) return undefined;
  return { minutes, hours, months, years, days };
}

function parseDays(monthDay: string, weekDay: string): DayRule | undefined {
  // Exactly one of the two says which days.
  if ((monthDay === '?') === (weekDay === '?')) return undefined;
  if (weekDay === '?') {
    const parts = parseList(monthDay, parseMonthDay);
    return parts && { by: 'month', parts };
  }
  const parts = parseList(weekDay, parseWeekDay);
  // Two expressions with # are documented as not allowed.
  if (parts && parts.filter(({ kind }) => kind === 'nth').length > 1) return undefined;
  return parts && { by: 'week', parts };
}

function parseMonthDay(text: string): MonthDay[] | undefined {
  if (text === 'L') return [{ kind: 'last' }];
  if (text === 'LW' || text === 'WL') return [{ kind: 'last-weekday' }];
  const weekday = /^(\d{1,2})W$/.exec(text);
  if (weekday) return single(weekday[1], fields.monthDay)?.map((day) => ({ kind: 'weekday', day }));
  return parseField(text, fields.monthDay)?.map((day) => ({ kind: 'day', day }));
}

function parseWeekDay(text: string): WeekDay[] | undefined {
  if (text === 'L') return [{ kind: 'every', day: 7 }];
  const nth = /^([^#]+)#([1-5])$/.exec(text);
  if (nth) return single(nth[1], fields.weekDay)?.map((day) => ({ kind: 'nth', day, n: Number(nth[2]) }));
  const last = /^(\d|[A-Z]{3})L$/.exec(text);
  if (last) return single(last[1], fields.weekDay)?.map((day) => ({ kind: 'last', day }));
  return parseField(text, fields.weekDay)?.map((day) => ({ kind: 'every', day }));
}

function parseList<Part>(text: string, parse: (part: string) => Part[] | undefined): Part[] | undefined {
  const parts = text
    .toUpperCase()
    .split(',')
    .map((part) => parse(part));
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

/** The values of a field in order. */
function parseField(text: string, field: Field): number[] | undefined {
  const values = parseList(text, (part) => parseRange(part, field));
  return values && [...new Set(values)].toSorted((left, right) => left - right);
}

function parseRange(text: string, field: Field): number[] | undefined {
  const [range = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !(field.steps && /^[1-9]\d*$/.test(step)))) return undefined;
  const bounds = parseBounds(range, step !== undefined, field);
  if (!bounds) return undefined;
  const values: number[] = [];
  // A range such as 20-2 runs over the end of the field, as a documented example does.
  const size = field.to - field.from + 1;
  const last = bounds.to < bounds.from ? bounds.to + size : bounds.to;
  for (let value = bounds.from; value <= last; value += Number(step ?? 1)) {
    values.push(value > field.to ? value - size : value);
  }
  return values;
}

function parseBounds(range: string, hasStep: boolean, field: Field): { from: number; to: number } | undefined {
  if (range === '*') return field;
  const [first, last, ...more] = range.split('-');
  const from = valueOf(first, field);
  if (from === undefined || more.length > 0) return undefined;
  if (last === undefined) return { from, to: hasStep ? field.to : from };
  const to = valueOf(last, field);
  return to === undefined || (to < from && field === fields.year) ? undefined : { from, to };
}

function single(text: string | undefined, field: Field): [number] | undefined {
  const value = valueOf(text, field);
  return value === undefined ? undefined : [value];
}

function valueOf(text: string | undefined, field: Field): number | undefined {
  const named = field.names?.indexOf(text ?? '') ?? -1;
  if (named >= 0) return field.from + named;
  if (!/^\d{1,4}$/.test(text ?? '')) return undefined;
  const value = Number(text);
  return value >= field.from && value <= field.to ? value : undefined;
}
