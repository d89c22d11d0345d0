import type { CloudContext } from '../service-module.ts';
import type { Buses } from './buses.ts';
import type { BusEvent } from './event.ts';
import type { RuleSchedules } from './rule-schedules.ts';
import type { Rules } from './rules.ts';

/** What the operations of EventBridge share. */
export interface EventsState {
  readonly context: CloudContext;
  readonly buses: Buses;
  readonly rules: Rules;
  readonly schedules: RuleSchedules;
  /** Puts an event on a bus, in the open transaction if there is one. */
  publish(event: BusEvent, bus: string): void;
}
