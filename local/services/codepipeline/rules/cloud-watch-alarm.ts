import { AwsError } from '../../../errors.ts';
import { ruleType, type RuleOutcome, type RuleProvider } from './rule.ts';

const minuteMs = 60 * 1000;
/** How often a rule that waits looks at its alarm. */
const lookEveryMs = 30 * 1000;
const states = ['ALARM', 'OK', 'INSUFFICIENT_DATA'];

/** CloudWatchAlarm: succeeds when the alarm is in one of the wanted states (OK if none is named) within the wait time. */
export const cloudWatchAlarm: RuleProvider = {
  type: ruleType('CloudWatchAlarm'),
  configuration: { AlarmName: 'required', AlarmStates: 'optional', WaitTime: 'optional' },
  check({ AlarmStates: wanted = 'OK', WaitTime: wait = '0' }) {
    if (!wanted.includes('#{') && !listOf(wanted).every((state) => states.includes(state))) {
      return `must have AlarmStates of ${states.join(', ')}, not '${wanted}'`;
    }
    return wait.includes('#{') || /^\d{1,5}$/.test(wait) ? undefined : `must have a WaitTime in minutes, not '${wait}'`;
  },
  async evaluate({ configuration, nowMs, startedMs, call }) {
    const { AlarmName: name = '', AlarmStates: wanted = 'OK', WaitTime: wait = '0' } = configuration;
    const found = await read(name, call);
    if (typeof found !== 'string') return found;
    if (listOf(wanted).includes(found)) return { kind: 'succeeded', summary: `The alarm ${name} is in state ${found}` };
    if (nowMs - startedMs < Number(wait) * minuteMs) return { kind: 'wait', ms: lookEveryMs };
    return { kind: 'failed', code: 'JobFailed', message: `The alarm ${name} is in state ${found}, not ${wanted}` };
  },
};

interface Alarm {
  readonly StateValue?: string;
}

async function read(
  name: string,
  call: <Output>(service: string, operation: string, input: object) => Promise<Output>,
): Promise<string | RuleOutcome> {
  try {
    const input = { AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
    const output = await call<{ MetricAlarms?: Alarm[]; CompositeAlarms?: Alarm[] }>(
      'monitoring',
      'DescribeAlarms',
      input,
    );
    const [alarm] = [...(output.MetricAlarms ?? []), ...(output.CompositeAlarms ?? [])];
    return alarm?.StateValue ?? { kind: 'failed', code: 'ConfigurationError', message: `There is no alarm ${name}` };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = /AccessDenied/.test(error.code) ? 'PermissionError' : 'ConfigurationError';
    return { kind: 'failed', code, message: `The alarm ${name} cannot be read: ${error.code}: ${error.message}` };
  }
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
