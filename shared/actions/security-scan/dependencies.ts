import { toFindings } from './advisories/to-findings.ts';
import type { AdvisorySource } from './advisories/advisory.ts';
import { spell, type Component } from './components/component.ts';
import type { FoundComponents } from './components/find-components.ts';
import type { Scanned } from './finding.ts';

/** Looks components up in the advisories. What can't be looked up is said, with its reason; if nothing can, that is no all-clear. */
export async function scanDependencies(
  found: FoundComponents,
  advisories: AdvisorySource,
  signal: AbortSignal,
): Promise<Scanned> {
  const { components, notRead } = found;
  const checkable = components.filter(({ uncheckedBecause }) => uncheckedBecause === undefined);
  const advice = await advisories.look(checkable, signal);
  const unchecked = [...notRead, ...components.flatMap((component) => reasonOf(component) ?? []), ...advice.unchecked];
  const scanned: Scanned = {
    scanner: 'dependencies',
    findings: toFindings(advice.advised),
    scannedCount: checkable.length - advice.unchecked.length,
    unchecked,
    notes: registryNotes(checkable),
    components,
  };
  const remedy = scanned.scannedCount > 0 ? undefined : remedyFor(found, checkable);
  if (remedy === undefined) return scanned;
  return { ...scanned, error: { type: 'ConfigurationError', message: `no package could be looked up; ${remedy}` } };
}

/**
 * What to do if nothing was looked up. Undefined if what was read locks nothing: a lock file that is not read is told beside
 * it then, as it is beside one that locks something.
 */
function remedyFor({ components, readCount }: FoundComponents, checkable: readonly Component[]): string | undefined {
  if (readCount === 0) return 'commit a lock file that is read, or pass a CycloneDX file as sbom';
  if (components.length === 0) return undefined;
  return checkable.length === 0
    ? 'pin versions of a registry, or pass a CycloneDX file with package URLs and versions as sbom'
    : 'give a database that holds their ecosystems, or ask the API';
}

/** A mirror holds what the public registry holds; what one's own registry holds, nobody has advisories for. */
function registryNotes(components: readonly Component[]): string[] {
  const counts = new Map<string, number>();
  for (const { registry } of components)
    if (registry !== undefined) counts.set(registry, (counts.get(registry) ?? 0) + 1);
  return [...counts].map(
    ([registry, count]) =>
      `${count} component${count === 1 ? '' : 's'} from ${registry} looked up as of the public registry`,
  );
}

function reasonOf(component: Component): string | undefined {
  const { uncheckedBecause } = component;
  return uncheckedBecause && `${spell(component)} ${uncheckedBecause}`;
}
