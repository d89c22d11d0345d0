import { invalidStructure, repeated } from './refusals.ts';
import type { Structure } from './structure.ts';

/**
 * The rules of artifacts: an output's name is unique in the pipeline, an input is the output of an action that has ended
 * before (in an earlier stage, or in the same one with a lower run order).
 * @throws AwsError `InvalidStructureException`
 */
export function checkArtifacts({ stages }: Structure): void {
  const outputs = stages.flatMap((stage) => stage.actions.flatMap((action) => action.outputArtifacts));
  const twice = repeated(outputs);
  if (twice !== undefined) {
    throw invalidStructure(`Output artifact names must be unique; '${twice}' is used more than once`);
  }
  const before = new Set<string>();
  for (const { name, actions } of stages) {
    for (const action of actions) {
      const inStage = actions
        .filter((other) => other.runOrder < action.runOrder)
        .flatMap((other) => other.outputArtifacts);
      const missing = action.inputArtifacts.find((input) => !before.has(input) && !inStage.includes(input));
      if (missing !== undefined) {
        throw invalidStructure(
          `Input artifact '${missing}' of action '${action.name}' of stage '${name}' is no output artifact of an action that runs before it`,
        );
      }
    }
    for (const action of actions) for (const output of action.outputArtifacts) before.add(output);
  }
}
