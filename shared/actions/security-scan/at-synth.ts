import type { SynthUse } from '../action.ts';

/** The parameters that name artifacts. */
interface Named {
  readonly scanners: readonly string[];
  readonly source?: string | undefined;
  readonly sbom?: string | undefined;
  readonly allowFile?: string | undefined;
  readonly advisories: object;
}

/** What is missing among the input artifacts, as far as synth knows what is asked for. */
export function missingArtifacts(parameters: Named, use: SynthUse): readonly string[] {
  const { source, sbom, allowFile, advisories } = parameters;
  const database: unknown = 'database' in advisories ? advisories.database : undefined;
  return [
    ...missingSource(parameters, use),
    ...notAnInput('source', source, use),
    ...notAnInput('sbom', artifactOf(sbom), use),
    ...notAnInput('allowFile', artifactOf(allowFile), use),
    ...notAnInput('advisories.database', artifactOf(database), use),
  ];
}

function missingSource({ scanners, source, sbom }: Named, { inputs, isKnownLater }: SynthUse): readonly string[] {
  if (isKnownLater(scanners) || source !== undefined) return [];
  const readers = scanners.filter(
    (scanner) => scanner === 'secrets' || (scanner === 'dependencies' && sbom === undefined),
  );
  if (readers.length === 0 || inputs.length === 1) return [];
  return inputs.length === 0
    ? [`the scanner ${readers.join(' and ')} reads the source; set input to the artifact that holds it`]
    : [`the action has ${inputs.length} input artifacts; name the one with the source as source`];
}

/** An artifact that CDK has not named yet may be any. */
function notAnInput(
  parameter: string,
  artifact: string | undefined,
  { inputs, isKnownLater }: SynthUse,
): readonly string[] {
  if (artifact === undefined || isKnownLater(artifact)) return [];
  if (inputs.includes(artifact) || inputs.includes(undefined)) return [];
  const others = inputs.join(', ') || 'none';
  return [
    `parameters.${parameter}: artifact "${artifact}" is no input of the action, which has: ${others}; add it to inputs`,
  ];
}

function artifactOf(reference: unknown): string | undefined {
  return typeof reference === 'string' ? reference.split('::')[0] : undefined;
}
