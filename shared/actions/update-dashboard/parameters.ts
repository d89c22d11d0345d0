import type * as z from 'zod/mini';
import type { ActionInput } from '../action.ts';
import type { ReleaseFacts } from '../release-facts.ts';
import type { updateDashboard } from './declaration.ts';

/** What the action is asked to do. */
export type UpdateDashboardParameters = z.output<typeof updateDashboard.parameters>;

/** Which system it is asked to do it in. */
export type DashboardName = UpdateDashboardParameters['provider'];

/** What is shown of the release. */
export interface Mark {
  readonly text: string;
  readonly at: string;
  /** The same for every run of this action in this pipeline execution, and for no other: 8 hex digits. */
  readonly id: string;
  readonly facts: ReleaseFacts;
}

/**
 * Shows a mark in one system, once.
 * @returns the id of what shows it, where the system gives one
 */
export type ShowMark<Name extends DashboardName> = (
  parameters: Extract<UpdateDashboardParameters, { provider: Name }>,
  mark: Mark,
  input: ActionInput<typeof updateDashboard>,
) => Promise<string | undefined>;
