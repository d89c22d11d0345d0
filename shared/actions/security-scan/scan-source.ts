import type { ActionInput } from '../action.ts';
import type { ArtifactFiles } from '../artifacts.ts';
import { webApi } from '../web/web-api.ts';
import type { AdvisorySource } from './advisories/advisory.ts';
import { offlineAdvisories } from './advisories/offline.ts';
import { osvApi } from './advisories/osv-api.ts';
import { distinct } from './components/component.ts';
import { readCycloneDx } from './components/cyclonedx.ts';
import { bounded, findComponents, type FoundComponents } from './components/find-components.ts';
import type { securityScan } from './declaration.ts';
import { scanDependencies } from './dependencies.ts';
import { readReferenced, splitReference } from './file-reference.ts';
import type { Scanned } from './finding.ts';

type Input = ActionInput<typeof securityScan>;
type ReadArtifact = (name?: string) => Promise<ArtifactFiles>;

/** Looks up the components of the source, or of the bill of materials that stands for it. */
export async function scanForDependencies(input: Input, read: ReadArtifact): Promise<Scanned> {
  const found = await componentsOf(input, read);
  return scanDependencies(found, await advisoriesFor(input, read), input.signal);
}

async function componentsOf(
  { parameters: { sbom, source, exclude } }: Input,
  read: ReadArtifact,
): Promise<FoundComponents> {
  if (sbom === undefined) return findComponents(await read(source), exclude);
  const { text, path } = await readReferenced(sbom, read);
  return { components: bounded(distinct(readCycloneDx(text, path))), readCount: 1, notRead: [] };
}

async function advisoriesFor(input: Input, read: ReadArtifact): Promise<AdvisorySource> {
  const { advisories } = input.parameters;
  if ('api' in advisories)
    return osvApi(webApi({ name: "OSV's API", baseUrl: advisories.api, maxBytes: 20_000_000, ...input }));
  const { artifact, path } = splitReference(advisories.database);
  return offlineAdvisories(await read(artifact), path);
}
