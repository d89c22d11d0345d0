import { nowAt } from '../../clock.ts';
import { implementAction } from '../action.ts';
import { cut, fail, startJob, stillRunning, succeed, type Failure } from '../result.ts';
import { bake, type BakeParameters } from './declaration.ts';
import { problemsOf, type Look } from './judge.ts';

export default implementAction(
  bake,
  async ({ parameters, gateways, clock }) => {
    const startedAt = nowAt(clock);
    const seen = await gateways.alarms.read(parameters.alarms);
    const failure = judge(parameters, { seen, before: undefined, isLast: false });
    if (failure) return failure;
    const { durationMinutes, checkSeconds } = parameters;
    return startJob(
      { startedAt, readAt: startedAt, readCount: 1 },
      {
        until: { checks: { firstSeconds: checkSeconds, backoffRate: 1, maxSeconds: checkSeconds } },
        summary: `${countOf(parameters)} quiet; ${durationMinutes} minutes to go`,
        percentComplete: 0,
      },
    );
  },
  {
    async check({ parameters, state, gateways, clock }) {
      const { durationMinutes } = parameters;
      const readAt = nowAt(clock);
      const minutes = (Date.parse(readAt) - Date.parse(state.startedAt)) / 60_000;
      const isLast = minutes >= durationMinutes;
      const seen = await gateways.alarms.read(parameters.alarms);
      const failure = judge(parameters, { seen, before: state.readAt, isLast });
      if (failure) return failure;
      const readCount = state.readCount + 1;
      const summary = `${countOf(parameters)} quiet for ${Math.floor(minutes)} of ${durationMinutes} minutes`;
      if (isLast) {
        const alarmCount = String(new Set(parameters.alarms).size);
        const outputs = { startedAt: state.startedAt, endedAt: readAt, alarmCount, readCount: String(readCount) };
        return succeed({ outputs, summary });
      }
      const percentComplete = (minutes / durationMinutes) * 100;
      return stillRunning({ state: { startedAt: state.startedAt, readAt, readCount }, summary, percentComplete });
    },
  },
);

function judge(parameters: BakeParameters, look: Look): Failure | undefined {
  const problems = problemsOf(parameters, look);
  if (problems.length === 0) return undefined;
  const when = look.before === undefined ? 'before the bake began' : 'during the bake';
  return fail('JobFailed', cut(`not healthy ${when}: ${problems.join('; ')}`, 4_000));
}

function countOf({ alarms }: BakeParameters): string {
  return alarms.length === 1 ? 'the alarm is' : `${alarms.length} alarms are`;
}
