import type { Scheduler } from '@aws-sdk/client-scheduler';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';

interface NamedSchedule {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
}

/** What each operation of EventBridge Scheduler needs. */
export function schedulerPermissions(place: Place): PermissionTable<Scheduler> {
  const prefix = arnPrefix('scheduler', place);
  const onSchedule =
    (action: string) =>
    ({ Name: name, GroupName: group = 'default' }: NamedSchedule): Permission => ({
      action: `scheduler:${action}`,
      resource: `${prefix}schedule/${group}/${name}`,
    });
  const onGroup =
    (action: string) =>
    ({ Name: name }: { Name?: string | undefined }): Permission => ({
      action: `scheduler:${action}`,
      resource: `${prefix}schedule-group/${name}`,
    });
  return {
    CreateSchedule: onSchedule('CreateSchedule'),
    UpdateSchedule: onSchedule('UpdateSchedule'),
    GetSchedule: onSchedule('GetSchedule'),
    DeleteSchedule: onSchedule('DeleteSchedule'),
    ListSchedules: ({ GroupName: group = '*' }) => onSchedule('ListSchedules')({ Name: '*', GroupName: group }),
    CreateScheduleGroup: onGroup('CreateScheduleGroup'),
    GetScheduleGroup: onGroup('GetScheduleGroup'),
    DeleteScheduleGroup: onGroup('DeleteScheduleGroup'),
    ListScheduleGroups: () => onGroup('ListScheduleGroups')({ Name: '*' }),
  };
}
