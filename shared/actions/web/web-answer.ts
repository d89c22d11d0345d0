import { $ZodError } from 'zod/v4/core';
import { problemsOf } from '../../json.ts';
import { ActionFailed } from '../result.ts';

/**
 * Works with somebody's API; an answer that no schema of the work can read fails the action, member by member and without
 * values.
 * @throws ActionFailed SystemUnavailable for such an answer
 */
export async function readingAnswers<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof $ZodError)) throw thrown;
    throw new ActionFailed(
      'SystemUnavailable',
      `${name} answered otherwise than its documentation says (${problemsOf(thrown)}); is its URL right?`,
      { cause: thrown },
    );
  }
}
