import { describe, expect, it } from 'vitest';
import { judge, type MissingData } from '../../../local/services/monitoring/judge.ts';

const treatments: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** `0 - X`: within the threshold, missing, breaching. */
function verdicts(data: string, datapointsToAlarm: number): (string | undefined)[] {
  const periods = data.split(' ').map((period) => (period === '-' ? undefined : period === 'X'));
  return treatments.map((missingData) => judge(periods, { evaluationPeriods: 3, datapointsToAlarm, missingData }));
}

const kept = undefined;

describe('the tables of the user guide', () => {
  it.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', kept, 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', kept, 'ALARM', 'OK']],
  ])('[cloudwatch.missing-data.three-of-three] judges %s', (data, expected) => {
    expect(verdicts(data, 3)).toEqual(expected);
  });

  it.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', kept, 'ALARM', 'OK']],
  ])('[cloudwatch.missing-data.two-of-three] judges %s', (data, expected) => {
    expect(verdicts(data, 2)).toEqual(expected);
  });

  it.each(['- - - - X', '- - - X -'])('[cloudwatch.missing-data.not-premature] does not ring for %s', (data) => {
    expect(verdicts(data, 3)[0]).toBe('OK');
  });
});
