import type { ChoiceState } from '../definition.ts';
import { StateFailure } from '../errors.ts';
import { evaluateAs } from '../jsonata.ts';
import { exit } from './outcome.ts';
import { scopeOf } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Choice: the first rule whose condition is true, else the Default. A rule has its own Output and Assign. */
export const choice: StateRunner<ChoiceState> = {
  async enter(state, scene) {
    const scope = scopeOf(scene);
    const given = { output: scene.frame.input, state: scene.frame.state };
    for (const [index, rule] of state.Choices.entries()) {
      const place = `Choices[${index}]/`;
      if (!(await evaluateAs('boolean', rule.Condition, `${place}Condition`, scope))) continue;
      return exit({ ...rule, place }, { ...given, next: rule.Next }, scope);
    }
    if (state.Default === undefined) throw noChoiceMatched();
    return exit(state, { ...given, next: state.Default }, scope);
  },
};

function noChoiceMatched(): StateFailure {
  return new StateFailure({
    error: 'States.NoChoiceMatched',
    cause: 'Failed to transition out of the state. The state does not point to a next state.',
  });
}
