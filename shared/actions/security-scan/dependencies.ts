import { toFindings } from './advisories/to-findings.ts';
import type { AdvisorySource } from './advisories/advisory.ts';
import { spell, type Component } from './components/component.ts';
import type { Scanned } from './finding.ts';

/** Looks components up in the advisories. What can't be looked up is said, with its reason. */
export async function scanDependencies(
  components: readonly Component[],
  advisories: AdvisorySource,
  signal: AbortSignal,
): Promise<Scanned> {
  const checkable = components.filter(({ uncheckedBecause }) => uncheckedBecause === undefined);
  const { advised, unchecked } = await advisories.look(checkable, signal);
  return {
    scanner: 'dependencies',
    findings: toFindings(advised),
    scannedCount: components.length,
    unchecked: [...components.flatMap((component) => reasonOf(component) ?? []), ...unchecked],
    components,
  };
}

function reasonOf(component: Component): string | undefined {
  const { uncheckedBecause } = component;
  return uncheckedBecause && `${spell(component)} ${uncheckedBecause}`;
}
