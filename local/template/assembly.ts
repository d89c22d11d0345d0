import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { LocalCloudError } from '../errors.ts';
import { readAssetManifest, type FileAsset } from './assets.ts';
import { readTemplate, type Template } from './template.ts';
import { readJson } from './read-json.ts';

/** What `cdk synth` wrote, as far as the local cloud reads it. */
export interface Assembly {
  readonly folder: string;
  /** Every stack after the stacks it depends on. */
  readonly stacks: readonly StackTemplate[];
  readonly assets: readonly FileAsset[];
  /** The account and region that the stacks name; absent where they leave it to the deployment. */
  readonly environment: { readonly account?: string; readonly region?: string };
}

/** One stack of a `cdk.out`. */
export interface StackTemplate {
  readonly name: string;
  readonly template: Template;
}

const artifact = z.object({
  type: z.string(),
  environment: z.string().optional(),
  dependencies: z.array(z.string()).default([]),
  properties: z.record(z.string(), z.unknown()).default({}),
});
const manifestSchema = z.object({ artifacts: z.record(z.string(), artifact).default({}) });
type Artifact = z.infer<typeof artifact>;

/** Reads a `cdk.out`. @throws LocalCloudError when it is none, or holds what cannot run locally (image assets) */
export function readAssembly(folder: string): Assembly {
  const parts = readFolder(resolve(folder));
  return {
    folder: resolve(folder),
    stacks: inDependencyOrder(parts.stacks).map(({ name, template }) => ({ name, template })),
    assets: parts.assets,
    environment: commonEnvironment(parts.stacks),
  };
}

interface ArtifactStack extends StackTemplate {
  readonly artifactId: string;
  readonly dependencies: readonly string[];
  readonly environment: string | undefined;
}

interface Parts {
  readonly stacks: ArtifactStack[];
  readonly assets: FileAsset[];
}

function readFolder(folder: string): Parts {
  const parts: Parts = { stacks: [], assets: [] };
  for (const [id, entry] of Object.entries(readManifest(folder))) {
    if (entry.type === 'aws:cloudformation:stack') parts.stacks.push(readStack(folder, id, entry));
    if (entry.type === 'cdk:asset-manifest') {
      parts.assets.push(...readAssetManifest(folder, fileName(folder, entry, 'file')));
    }
    if (entry.type === 'cdk:cloud-assembly') {
      const nested = readFolder(join(folder, fileName(folder, entry, 'directoryName')));
      parts.stacks.push(...nested.stacks);
      parts.assets.push(...nested.assets);
    }
  }
  return parts;
}

function readManifest(folder: string): Record<string, Artifact> {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) {
    throw new LocalCloudError(`no CDK output in ${folder}: manifest.json is missing; run "cdk synth" first`);
  }
  const read = manifestSchema.safeParse(readJson(file));
  if (!read.success) throw new LocalCloudError(`${file} is not a CDK manifest: ${z.prettifyError(read.error)}`);
  return read.data.artifacts;
}

function readStack(folder: string, artifactId: string, entry: Artifact): ArtifactStack {
  const { stackName } = entry.properties;
  const name = typeof stackName === 'string' ? stackName : artifactId;
  const template = readTemplate(join(folder, fileName(folder, entry, 'templateFile')), name);
  return { artifactId, name, template, dependencies: entry.dependencies, environment: entry.environment };
}

function fileName(folder: string, entry: Artifact, property: string): string {
  const name = entry.properties[property];
  if (typeof name === 'string') return name;
  throw new LocalCloudError(`${join(folder, 'manifest.json')}: an artifact of type ${entry.type} has no ${property}`);
}

function inDependencyOrder(stacks: readonly ArtifactStack[]): ArtifactStack[] {
  const ordered: ArtifactStack[] = [];
  const visit = (stack: ArtifactStack): void => {
    if (ordered.includes(stack)) return;
    // CDK refuses cyclic stacks at synth, so this recursion ends.
    for (const needed of stacks) if (stack.dependencies.includes(needed.artifactId)) visit(needed);
    ordered.push(stack);
  };
  for (const stack of stacks) visit(stack);
  return ordered;
}

function commonEnvironment(stacks: readonly ArtifactStack[]): Assembly['environment'] {
  const named = stacks.map((stack) => /^aws:\/\/([^/]+)\/(.+)$/.exec(stack.environment ?? ''));
  const accounts = new Set(named.flatMap((match) => (/^\d{12}$/.test(match?.[1] ?? '') ? [match?.[1] ?? ''] : [])));
  const regions = new Set(named.flatMap((match) => (match && match[2] !== 'unknown-region' ? [match[2] ?? ''] : [])));
  for (const [what, found] of [['account', accounts] as const, ['region', regions] as const]) {
    if (found.size <= 1) continue;
    throw new LocalCloudError(
      `the stacks name more than one ${what} (${[...found].join(', ')}); a local cloud is one account in one region`,
    );
  }
  const [account] = accounts;
  const [region] = regions;
  return { ...(account ? { account } : {}), ...(region ? { region } : {}) };
}
