import type { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import * as z from 'zod/mini';
import type { ActionDeclaration, ArtifactCount } from '../../shared/actions/action.ts';
import { asFarAsKnown } from './known-parameters.ts';
import { isKnownLater } from './user-parameters.ts';

/** What a pipeline passes to an action, as far as it is checked at synth. */
export interface ActionUse {
  readonly parameters: unknown;
  readonly inputs?: readonly Artifact[];
  readonly outputs?: readonly Artifact[];
}

/**
 * Checks the use of an action against its declaration, as far as the parameters are known at synth.
 * @throws Error naming the field, if parameters do not fit the schema, artifacts are too few or too many, or the action finds
 *   a problem in them together
 */
export function checkUse(where: string, declaration: ActionDeclaration, use: ActionUse): void {
  refuseCount(`${where}: input artifacts`, declaration.inputArtifacts, use.inputs ?? []);
  refuseCount(`${where}: output artifacts`, declaration.outputArtifacts, use.outputs ?? []);
  const checked = z.safeParse(declaration.parameters, use.parameters);
  const issue = checked.error?.issues.find(
    // A name that the schema does not know stays unknown, whatever the values beside it turn out to be.
    ({ code, path }) => code === 'unrecognized_keys' || !isKnownLater(valueAt(use.parameters, path)),
  );
  if (issue) throw new Error(`${where}: ${['parameters', ...issue.path].join('.')}: ${issue.message}`);
  const [problem] = problemsOf(declaration, use);
  if (problem !== undefined) throw new Error(`${where}: ${problem}`);
}

function problemsOf(declaration: ActionDeclaration, { parameters, inputs = [], outputs = [] }: ActionUse) {
  const names = (artifacts: readonly Artifact[]) => artifacts.map(({ artifactName }) => artifactName);
  const use = { inputs: names(inputs), outputs: names(outputs), isKnownLater };
  return declaration.problemsOf?.(asFarAsKnown(declaration.parameters, parameters), use) ?? [];
}

/**
 * Without the parameters, outputs that they choose are not checked.
 * @throws Error naming the outputs there are, if the action has no such output
 */
export function checkOutput(declaration: ActionDeclaration, output: string, parameters?: unknown): void {
  const { id, outputs, outputsFor } = declaration;
  if (outputsFor && parameters === undefined) return;
  const chosen = outputsFor?.(asFarAsKnown(declaration.parameters, parameters)) ?? [];
  const names = [...outputs.filter((name) => name !== '*'), ...chosen];
  if (names.includes(output) || isKnownLater(chosen)) return;
  throw new Error(`action ${id} has no output "${output}"; it has: ${names.join(', ') || 'none'}`);
}

function refuseCount(what: string, { min, max }: ArtifactCount, given: readonly Artifact[]): void {
  if (given.length >= min && given.length <= max) return;
  throw new Error(`${what}: ${given.length} given, allowed are ${min === max ? min : `${min} to ${max}`}`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}
