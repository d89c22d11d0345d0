import { Scheduler } from '@aws-sdk/client-scheduler';
import { expect } from 'vitest';
import { tour } from './tour.ts';

const Target = {
  Arn: 'arn:aws:sqs:us-east-1:123456789012:inbox',
  RoleArn: 'arn:aws:iam::123456789012:role/schedules',
};
const schedule = { ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target } as const;

tour(
  { service: 'scheduler', client: Scheduler },
  {
    'makes, changes, lists and deletes schedules': async (scheduler) => {
      const { ScheduleArn } = await scheduler.createSchedule({ ...schedule, Name: 'hourly' });
      expect(ScheduleArn).toBe('arn:aws:scheduler:us-east-1:123456789012:schedule/default/hourly');
      await scheduler.updateSchedule({ ...schedule, Name: 'hourly', ScheduleExpression: 'rate(2 hours)' });
      expect(await scheduler.getSchedule({ Name: 'hourly' })).toMatchObject({
        ScheduleExpression: 'rate(2 hours)',
        State: 'ENABLED',
      });
      expect((await scheduler.listSchedules({ NamePrefix: 'hour' })).Schedules).toMatchObject([{ Name: 'hourly' }]);
      await scheduler.deleteSchedule({ Name: 'hourly' });
      await expect(scheduler.getSchedule({ Name: 'hourly' })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    },
    'has groups of them': async (scheduler) => {
      const { ScheduleGroupArn } = await scheduler.createScheduleGroup({ Name: 'releases' });
      expect(ScheduleGroupArn).toMatch(/:schedule-group\/releases$/);
      expect(await scheduler.getScheduleGroup({ Name: 'releases' })).toMatchObject({ State: 'ACTIVE' });
      const { ScheduleGroups } = await scheduler.listScheduleGroups({ NamePrefix: 'rel' });
      expect(ScheduleGroups).toMatchObject([{ Name: 'releases' }]);
      await scheduler.deleteScheduleGroup({ Name: 'releases' });
      expect((await scheduler.listScheduleGroups({ NamePrefix: 'rel' })).ScheduleGroups).toEqual([]);
    },
  },
);
