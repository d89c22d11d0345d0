import type { Target } from '@aws-sdk/client-scheduler';

/** A schedule as it is stored. Points in time are ISO 8601 UTC. */
export interface Schedule {
  readonly group: string;
  readonly name: string;
  readonly arn: string;
  readonly definition: ScheduleDefinition;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** The run that is armed; undefined when none is to come. */
  readonly nextRunMs: number | undefined;
}

/** What a person decides about a schedule. */
export interface ScheduleDefinition {
  readonly expression: string;
  readonly timeZone: string;
  readonly startAt?: string;
  readonly endAt?: string;
  readonly description?: string;
  readonly isEnabled: boolean;
  /** 0 when the flexible time window is off. */
  readonly windowMinutes: number;
  readonly isDeletedWhenDone: boolean;
  readonly kmsKeyArn?: string;
  readonly target: Target;
  /** Makes a repeated CreateSchedule the same one. */
  readonly clientToken?: string;
}
