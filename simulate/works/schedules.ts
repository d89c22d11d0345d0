import type { Work } from '../work.ts';
import { expectCalled } from '../calls.ts';

/** A schedule for a moment that the cloud may not live to see. */
export const schedules: Work = {
  name: 'schedules',
  async begin({ scheduler, output }, piece) {
    await scheduler.createSchedule({
      Name: piece,
      ScheduleExpression: `at(${new Date(Date.now() + 2_000).toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: output('Worker'), RoleArn: output('Scheduling'), Input: JSON.stringify({ piece }) },
    });
  },
  check: (piece, { aws }) => expectCalled(piece, aws),
};
