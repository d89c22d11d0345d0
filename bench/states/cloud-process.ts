import { startLocalCloud } from '../../local/cloud.ts';
import { makeMachine, startMany, type States } from './machines.ts';

/** What the process tells of itself, one line of JSON at a time. */
export interface Told {
  /** From the process's start until the cloud serves. */
  readonly servingMs: number;
  /** The processor's time that this took, whatever else the machine did. */
  readonly servingProcessorMs: number;
  readonly residentMegabytes: number;
  /** The processor's time that the cloud took while nothing happened, of each second. */
  readonly idleMsPerSecond: number;
}

const waits: Readonly<Record<string, States>> = {
  'a timestamp': { Wait: { Type: 'Wait', Timestamp: '2100-01-01T00:00:00Z', End: true } },
  'a task token': {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::events:putEvents.waitForTaskToken',
      Arguments: {
        Entries: [{ Source: 'bench', DetailType: 'asked', Detail: { token: '{% $states.context.Task.Token %}' } }],
      },
      TimeoutSeconds: 90_000,
      End: true,
    },
  },
  'an end': { Done: { Type: 'Succeed' } },
};

const [folder = '', waitFor, count = '0'] = process.argv.slice(2);
const cloud = await startLocalCloud({ folder, report: () => undefined });
const servingMs = performance.now();
const began = process.cpuUsage();
const states = waitFor === undefined ? undefined : waits[waitFor];
if (states) {
  const machine = await makeMachine(cloud, 'bench', states);
  await startMany(cloud, machine, { count: Number(count), callers: 50 }, (index) => ({ order: index }));
  await cloud.settled();
}
await new Promise((resolve) => setTimeout(resolve, 1_000));
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, 3_000));
const { user, system } = process.cpuUsage(before);
const told: Told = {
  servingMs,
  servingProcessorMs: (began.user + began.system) / 1_000,
  residentMegabytes: process.memoryUsage().rss / 1e6,
  idleMsPerSecond: (user + system) / 3_000,
};
console.log(JSON.stringify(told));
await cloud.stop();
