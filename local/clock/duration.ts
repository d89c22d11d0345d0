import { LocalCloudError } from '../errors.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const part = /(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)\s*/y;

/**
 * A length of time in milliseconds: a number of them, or a text of parts such as `24h`, `1h 30m` or `500ms`.
 * @throws LocalCloudError naming the units there are
 */
export function durationMs(duration: number | string): number {
  const ms = typeof duration === 'number' ? duration : readParts(duration);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new LocalCloudError(
    `the duration ${typeof duration === 'string' ? JSON.stringify(duration) : duration} cannot be read; write milliseconds as a number, or a text of ms, s, m, h and d such as 1h 30m`,
  );
}

function readParts(text: string): number {
  let sum = 0;
  part.lastIndex = 0;
  const trimmed = text.trim();
  while (part.lastIndex < trimmed.length) {
    const [whole, amount, unit = ''] = part.exec(trimmed) ?? [];
    if (whole === undefined) return Number.NaN;
    sum += Number(amount) * (unitMs[unit] ?? Number.NaN);
  }
  return trimmed === '' ? Number.NaN : sum;
}
