import type { Compatibility } from '../compatibility.ts';

const targets =
  'targets are functions, state machines, topics, queues, buses and API operations whose input holds no bytes and no dates';

/** What EventBridge Scheduler says of itself in docs/compatibility.md. */
export const schedulerCompatibility: Compatibility = {
  id: 'scheduler',
  title: 'EventBridge Scheduler',
  scope: 'Schedules and their groups, by the cloud’s clock.',
  partly: {
    CreateSchedule: targets,
    UpdateSchedule: targets,
  },
  otherwise: 'tags are not kept here',
  resourceTypePrefix: 'AWS::Scheduler::',
  rules: [
    {
      id: 'scheduler.action-after-completion',
      rule: 'ActionAfterCompletion deletes a repeated schedule after its last run, and not before.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html',
    },
    {
      id: 'scheduler.at.late',
      rule: 'A run of a one-time schedule that was missed while the cloud was off comes late.',
      source: 'inferred',
    },
    {
      id: 'scheduler.at.once',
      rule: 'A one-time schedule runs once, and is deleted if asked.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.at.time-zone',
      rule: 'A one-time schedule runs at its local time.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.client-token',
      rule: 'A second schedule of one name is refused, unless the request is the same.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html',
    },
    {
      id: 'scheduler.context-attributes',
      rule: 'Context attributes in the input are replaced.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html',
    },
    {
      id: 'scheduler.cron.beyond',
      rule: 'L, W, # and years hold beyond the examples: LW, days that no month has, leap years, ranges over the end of the week.',
      source: 'inferred',
    },
    {
      id: 'scheduler.cron.examples',
      rule: 'The cron examples of the user guide give what they say.',
      source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html',
    },
    {
      id: 'scheduler.dates',
      rule: 'A schedule runs from its start date to its end date.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.deleted',
      rule: 'A deleted schedule does not run.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html',
    },
    {
      id: 'scheduler.disabled',
      rule: 'A disabled schedule does not run.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-state.html',
    },
    {
      id: 'scheduler.dst.at-missing',
      rule: 'A one-time schedule at a local time that the clocks leave out does not run.',
      source: 'inferred',
    },
    {
      id: 'scheduler.dst.doubled',
      rule: 'A schedule runs once at a local time that comes twice.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    { id: 'scheduler.dst.doubled-hour', rule: 'Each minute of a doubled hour runs once.', source: 'inferred' },
    {
      id: 'scheduler.dst.local-hour',
      rule: 'A schedule keeps its local hour when the clocks change.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.dst.missing',
      rule: 'A local time that does not exist is skipped.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.dst.rate',
      rule: 'A rate does not move with the clocks.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.expression.refused',
      rule: 'Expressions that are none are refused.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.flexible-window',
      rule: 'A run comes within its flexible window.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html',
    },
    {
      id: 'scheduler.group.delete',
      rule: 'The schedules of a group go with it.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html',
    },
    {
      id: 'scheduler.missed',
      rule: 'Runs of a repeated schedule that were missed while the cloud was off are skipped, which is said.',
      source: 'inferred',
    },
    { id: 'scheduler.operations', rule: 'Every operation is answered, or refused by its name.', source: 'inferred' },
    {
      id: 'scheduler.rate.anchor',
      rule: 'A rate counts from the start date, or from when the schedule was made.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
    {
      id: 'scheduler.refused',
      rule: 'Schedules against the documented limits are refused.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html',
    },
    { id: 'scheduler.restart', rule: 'A run that is still to come survives a restart.', source: 'inferred' },
    {
      id: 'scheduler.retry',
      rule: 'A run that fails is retried, then goes to the dead-letter queue.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html',
    },
    {
      id: 'scheduler.run.role',
      rule: 'Each run calls the target as the role of the schedule.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html',
    },
    {
      id: 'scheduler.target.bus',
      rule: 'A bus as target gets an event of the given source and type.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html',
    },
    {
      id: 'scheduler.target.no-input',
      rule: 'Without an input the target gets the scheduled event.',
      source: 'unverified',
    },
    {
      id: 'scheduler.target.universal',
      rule: 'An API operation as target is called with the input, as the role of the schedule; one that only reads is refused.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html',
    },
    {
      id: 'scheduler.time-zone',
      rule: 'A schedule keeps to the hours of its time zone.',
      source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
    },
  ],
};
