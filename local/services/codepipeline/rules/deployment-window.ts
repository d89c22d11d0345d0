import { nextCronTime } from '../../scheduler/cron-next.ts';
import { parseCron, type Cron } from '../../scheduler/cron.ts';
import { isTimeZone } from '../../scheduler/time-zone.ts';
import { ruleType, type RuleProvider } from './rule.ts';

const minuteMs = 60 * 1000;

/**
 * DeploymentWindow: succeeds in the minutes that its expression names. The expression begins with a field for seconds,
 * which says nothing, and may end with a year.
 */
export const deploymentWindow: RuleProvider = {
  type: ruleType('DeploymentWindow'),
  configuration: { Cron: 'required', TimeZone: 'optional' },
  check({ Cron: text = '', TimeZone: zone = 'UTC' }) {
    if (!text.includes('#{') && !readWindow(text)) return `must have a cron expression of 6 or 7 fields, not '${text}'`;
    if (!zone.includes('#{') && !isTimeZone(zone)) return `must have a TimeZone of the IANA database, not '${zone}'`;
    return undefined;
  },
  async evaluate({ configuration, nowMs }) {
    const { Cron: text = '', TimeZone: zone = 'UTC' } = configuration;
    const window = readWindow(text);
    if (!window || !isTimeZone(zone)) {
      return { kind: 'failed', code: 'ConfigurationError', message: `'${text}' in '${zone}' is no deployment window` };
    }
    const minute = Math.floor(nowMs / minuteMs) * minuteMs;
    const next = nextCronTime(window, minute - 1, zone);
    if (next === minute) return { kind: 'succeeded', summary: 'The deployment window is open' };
    const opens = next === undefined ? 'and does not open again' : `until ${new Date(next).toISOString()}`;
    return { kind: 'failed', code: 'JobFailed', message: `The deployment window is closed ${opens}` };
  },
};

function readWindow(text: string): Cron | undefined {
  const [seconds, ...fields] = text.trim().split(/\s+/);
  if (seconds !== '*' || fields.length < 5 || fields.length > 6) return undefined;
  return parseCron([...fields, ...(fields.length === 5 ? ['*'] : [])].join(' '));
}
