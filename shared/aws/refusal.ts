import { ActionFailed, type FailureType } from '../actions/result.ts';
import { errorName } from './failure.ts';

/** What errors of a service mean to an action: their names as the API reference lists them, how it fails, and what is said. */
export type Meaning = readonly [names: readonly string[], type: FailureType, message: string];

/** Throws what an error means to an action; one without a meaning as it is, for `calling` to judge. */
export function refuseBy(cause: unknown, meanings: readonly Meaning[]): never {
  const [, type, message] = meanings.find(([names]) => names.includes(errorName(cause))) ?? [];
  if (type === undefined || message === undefined) throw cause;
  throw new ActionFailed(type, message, { cause });
}
