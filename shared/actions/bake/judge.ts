import type { AlarmSeen } from '../gateways/alarms.ts';
import type { BakeParameters } from './declaration.ts';

/** One look at the alarms. */
export interface Look {
  readonly seen: readonly AlarmSeen[];
  /** When they were read the time before, ISO 8601; undefined at the start. */
  readonly before: string | undefined;
  /** Whether nothing follows. */
  readonly isLast: boolean;
}

const reasonCharacters = 300;

/** What is not as it has to be, a sentence for each alarm; healthy means that every alarm is there and OK. */
export function problemsOf(parameters: BakeParameters, look: Look): string[] {
  const byName = new Map(look.seen.map((alarm) => [alarm.name, alarm]));
  return [...new Set(parameters.alarms)].flatMap((name) => {
    const alarm = byName.get(name);
    return alarm ? problemOf(alarm, parameters, look) : [`there is no alarm ${name}`];
  });
}

function problemOf({ name, state, reason, since }: AlarmSeen, parameters: BakeParameters, look: Look): string[] {
  const why = reason === '' ? '' : ` (${reason.slice(0, reasonCharacters)})`;
  switch (state) {
    case 'OK':
      return wasAway(since, parameters, look)
        ? [`alarm ${name} left OK between two looks and came back at ${since}`]
        : [];
    case 'INSUFFICIENT_DATA':
      return maySilence(parameters, look) ? [] : [`alarm ${name} has no data${why}`];
    case 'ALARM':
      return [`alarm ${name} rings${why}`];
    default:
      return [`alarm ${name} is in state ${state || 'none'}, which is not known`];
  }
}

function maySilence({ insufficientData }: BakeParameters, { isLast }: Look): boolean {
  return insufficientData === 'healthy' || (insufficientData === 'healthy-until-end' && !isLast);
}

/** It was quiet at the last look, or the bake had ended; where no data is healthy it may have come from there. */
function wasAway(since: string | undefined, { insufficientData }: BakeParameters, { before }: Look): boolean {
  return insufficientData === 'unhealthy' && before !== undefined && since !== undefined && since > before;
}
