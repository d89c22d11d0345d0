import type { Compatibility } from '../compatibility.ts';

/** What EventBridge Scheduler says of itself in docs/compatibility.md. */
export const schedulerCompatibility: Compatibility = {
  id: 'scheduler',
  title: 'EventBridge Scheduler',
  scope: 'Schedules and their groups, by the cloud’s clock.',
  partly: {
    CreateSchedule: 'targets are functions, state machines, topics, queues and buses',
    UpdateSchedule: 'targets are functions, state machines, topics, queues and buses',
  },
  otherwise: 'tags are not kept here',
  resourceTypePrefix: 'AWS::Scheduler::',
  rules: [
    {
      id: 'scheduler.action-after-completion',
      rule: 'deletes a repeated schedule after its last run, and not before',
      source: 'unverified',
    },
    { id: 'scheduler.at.once', rule: 'runs a one-time schedule once and deletes it if asked', source: 'unverified' },
    { id: 'scheduler.at.time-zone', rule: 'give at its local time', source: 'unverified' },
    { id: 'scheduler.cron.beyond', rule: '…: …', source: 'unverified' },
    { id: 'scheduler.cron.examples', rule: '…: …', source: 'unverified' },
    { id: 'scheduler.dates', rule: 'runs from the start date to the end date', source: 'unverified' },
    { id: 'scheduler.dst.at-missing', rule: 'never run at a time that the clocks leave out', source: 'unverified' },
    { id: 'scheduler.dst.doubled', rule: 'run once at a local time that comes twice', source: 'unverified' },
    { id: 'scheduler.dst.doubled-hour', rule: 'run each minute of a doubled hour once', source: 'unverified' },
    { id: 'scheduler.dst.local-hour', rule: 'keep the local hour when the clocks change', source: 'unverified' },
    { id: 'scheduler.dst.missing', rule: 'skip a local time that does not exist', source: 'unverified' },
    { id: 'scheduler.dst.rate', rule: 'do not move a rate', source: 'unverified' },
    { id: 'scheduler.expression.refused', rule: 'refuses …', source: 'unverified' },
    { id: 'scheduler.flexible-window', rule: 'runs within the flexible window', source: 'unverified' },
    { id: 'scheduler.rate.anchor', rule: 'count from their anchor', source: 'unverified' },
    { id: 'scheduler.time-zone', rule: 'keeps to the hours of its time zone', source: 'unverified' },
  ],
};
