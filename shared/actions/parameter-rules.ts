import type * as z from 'zod/mini';
import type { SynthUse } from './action.ts';

/** A rule between the parameters of an action. */
export interface ParameterRule<Parameters> {
  /** The member that a problem is told of; undefined for all of them. */
  readonly of: (string & keyof Parameters) | undefined;
  /** The members whose values it looks at. That a member is there is known at synth, what it will be perhaps not. */
  readonly reads: readonly (keyof Parameters)[];
  /** What is wrong and what to do, as the rest of a sentence about the member; undefined if nothing is. */
  problem(parameters: Parameters): string | undefined;
}

/** The rules as a check of the schema of an object. */
export function followingRules<Parameters>(
  rules: readonly ParameterRule<Parameters>[],
): z.core.CheckFn<NoInfer<Parameters>> {
  return ({ value, issues }) => {
    for (const { of, problem } of rules) {
      const message = problem(value);
      if (message !== undefined)
        issues.push({ code: 'custom', message, input: value, path: of === undefined ? [] : [of] });
    }
  };
}

/** The rules as far as synth knows what they read, also where another member keeps the schema from coming to them. */
export function rulesAtSynth<Parameters>(
  rules: readonly ParameterRule<Parameters>[],
): (parameters: Parameters, use: SynthUse) => readonly string[] {
  return (parameters, { isKnownLater }) =>
    rules
      .filter(({ reads }) => !reads.some((name) => isKnownLater(parameters[name])))
      .flatMap(({ of, problem }) => {
        const message = problem(parameters);
        return message === undefined ? [] : [`${['parameters', of].filter(Boolean).join('.')}: ${message}`];
      });
}
