import { invalidStage, invalidStructure, repeated } from './refusals.ts';
import type { StageStructure, Structure } from './structure.ts';

const maxStages = 50;
const maxActionsPerStage = 50;
const maxActions = 500;

/**
 * The rules of stages: 2 to 50 with unique names, sources first and nowhere else, 1 to 50 actions with unique names each,
 * 500 in all, one that is no source.
 * @throws AwsError `InvalidStructureException`, `InvalidStageDeclarationException`
 */
export function checkStages({ stages }: Structure): void {
  if (stages.length < 2) {
    throw invalidStructure(
      `Pipeline has only ${stages.length} stage(s). There should be a minimum of two stages in a pipeline`,
    );
  }
  if (stages.length > maxStages)
    throw invalidStructure(`Pipeline has ${stages.length} stages; the maximum is ${maxStages}`);
  const twice = repeated(stages.map((stage) => stage.name));
  if (twice !== undefined)
    throw invalidStructure(`Stage names must be unique in a pipeline; '${twice}' is used more than once`);
  for (const stage of stages) checkStage(stage);
  const count = stages.reduce((sum, stage) => sum + stage.actions.length, 0);
  if (count > maxActions) throw invalidStructure(`Pipeline has ${count} actions; the maximum is ${maxActions}`);
  checkSources(stages);
}

function checkStage({ name, actions }: StageStructure): void {
  if (actions.length === 0) throw invalidStage(`Stage '${name}' must have at least one action`);
  if (actions.length > maxActionsPerStage) {
    throw invalidStage(`Stage '${name}' has ${actions.length} actions; the maximum is ${maxActionsPerStage}`);
  }
  const twice = repeated(actions.map((action) => action.name));
  if (twice === undefined) return;
  throw invalidStage(`Action names must be unique in a stage; '${twice}' is used more than once in '${name}'`);
}

function checkSources([first, ...later]: readonly StageStructure[]): void {
  const other = first?.actions.find((action) => action.type.category !== 'Source');
  if (other)
    throw invalidStructure(
      `Pipeline should start with a stage that only contains source actions; '${other.name}' is none`,
    );
  for (const stage of later) {
    const source = stage.actions.find((action) => action.type.category === 'Source');
    if (source) {
      throw invalidStructure(
        `Source actions are only allowed in the first stage; '${source.name}' is in '${stage.name}'`,
      );
    }
  }
}
