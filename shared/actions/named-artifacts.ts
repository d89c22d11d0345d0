import type { SynthUse } from './action.ts';

/**
 * Problems with an artifact that a parameter names: `Artifact`, or a file in it as `Artifact::path`, as CodePipeline writes it.
 * What is known only later, and any artifact while CDK has yet to name an input, is let pass.
 */
export function notAnInput(parameter: string, named: unknown, { inputs, isKnownLater }: SynthUse): readonly string[] {
  const artifact = typeof named === 'string' ? named.split('::')[0] : undefined;
  if (artifact === undefined || isKnownLater(artifact)) return [];
  if (inputs.includes(artifact) || inputs.includes(undefined)) return [];
  const others = inputs.join(', ') || 'none';
  return [
    `parameters.${parameter}: artifact "${artifact}" is no input of the action, which has: ${others}; add it to inputs`,
  ];
}
