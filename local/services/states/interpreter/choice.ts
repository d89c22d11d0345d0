import type { ChoiceState } from '../definition.ts';
import { StateFailure } from '../errors.ts';
import { evaluateAs } from '../jsonata.ts';
import { isRuleTrue } from '../jsonpath/choice-rule.ts';
import type { JsonObject } from '../../../json.ts';
import { exit, type Outcome } from './outcome.ts';
import { exitByPaths, filteredInput, rootsOf } from './paths.ts';
import { isInJsonPath, scopeOf, type Scene } from './scene.ts';
import type { StateRunner } from './state-runner.ts';

/** Choice: the first rule whose condition is true, else the Default. A rule has its own Output and Assign. */
export const choice: StateRunner<ChoiceState> = {
  async enter(state, scene) {
    if (isInJsonPath(scene)) return chooseByPaths(state, scene);
    const scope = scopeOf(scene);
    const given = { output: scene.frame.input, state: scene.frame.state };
    for (const [index, rule] of state.Choices.entries()) {
      const place = `Choices[${index}]/`;
      if (!(await evaluateAs('boolean', rule.Condition ?? false, `${place}Condition`, scope))) continue;
      return exit({ ...rule, place }, { ...given, next: rule.Next }, scope);
    }
    if (state.Default === undefined) throw noChoiceMatched();
    return exit(state, { ...given, next: state.Default }, scope);
  },
};

function chooseByPaths(state: ChoiceState, scene: Scene): Outcome {
  const input = filteredInput(state, scene);
  const roots = rootsOf(scene, input);
  // A rule was read from JSON.
  const rule = state.Choices.find((each) => isRuleTrue(each as JsonObject, roots));
  const next = rule?.Next ?? state.Default;
  if (next === undefined) throw noChoiceMatched();
  return exitByPaths({ ...state, Assign: (rule ?? state).Assign }, scene, { output: input, next });
}

function noChoiceMatched(): StateFailure {
  return new StateFailure({
    error: 'States.NoChoiceMatched',
    cause: 'Failed to transition out of the state. The state does not point to a next state.',
  });
}
