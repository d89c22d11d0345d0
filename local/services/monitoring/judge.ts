import type { StateValue } from '@aws-sdk/client-cloudwatch';

/** What to do where a period has no data. */
export type MissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** M of N, and what missing data means. */
export interface Judgement {
  /** N. */
  readonly evaluationPeriods: number;
  /** M. */
  readonly datapointsToAlarm: number;
  readonly missingData: MissingData;
}

/**
 * How many periods an alarm looks at: two more than it evaluates, as in the tables of the user guide (the exact number is
 * not published).
 */
export function evaluationRange({ evaluationPeriods }: Judgement): number {
  return evaluationPeriods + 2;
}

/**
 * The state that the periods of the evaluation range ask for, oldest first: true where a period breaches, undefined where
 * it has no data. Undefined when the alarm stays as it is. The rules, and the tables they are tested by, are those of
 * "Configuring how CloudWatch alarms treat missing data" in the user guide.
 */
export function judge(periods: readonly (boolean | undefined)[], by: Judgement): StateValue | undefined {
  const real = periods.filter((breaches) => breaches !== undefined);
  const missingCount = by.evaluationPeriods - real.length;
  if (missingCount <= 0) return verdict(real.slice(-by.evaluationPeriods), by);
  if (by.missingData === 'breaching' || by.missingData === 'notBreaching') {
    const filled = Array<boolean>(missingCount).fill(by.missingData === 'breaching');
    return verdict([...real, ...filled], by);
  }
  const isKept = by.missingData === 'ignore';
  if (real.length === 0) return isKept ? undefined : 'INSUFFICIENT_DATA';
  if (verdict(real, by) === 'ALARM') return 'ALARM';
  if (!isOldAlarm(periods, by)) return 'OK';
  return isKept ? undefined : 'ALARM';
}

function verdict(periods: readonly boolean[], { datapointsToAlarm }: Judgement): StateValue {
  return periods.filter(Boolean).length >= datapointsToAlarm ? 'ALARM' : 'OK';
}

/** The premature alarm state: all there is breaches, and the oldest of it is as old as M periods. */
function isOldAlarm(periods: readonly (boolean | undefined)[], { datapointsToAlarm }: Judgement): boolean {
  const oldest = periods.findIndex((breaches) => breaches !== undefined);
  return !periods.includes(false) && periods.length - oldest >= datapointsToAlarm;
}
