import { spell, type Component } from '../components/component.ts';
import type { Finding } from '../finding.ts';
import { canBeAsked } from '../versions/compare.ts';
import type { Advised } from './advisory.ts';
import { fixedVersions } from './affects.ts';
import { severityOf } from './severity.ts';
import { worstSeverity } from './severity-words.ts';

/** One finding for each vulnerability of a component: advisories that name each other as aliases are one. */
export function toFindings(advised: readonly Advised[]): Finding[] {
  const byComponent = new Map<Component, Advised[]>();
  for (const advice of advised) {
    const others = byComponent.get(advice.component);
    if (others) others.push(advice);
    else byComponent.set(advice.component, [advice]);
  }
  return [...byComponent].flatMap(([component, advices]) =>
    groups(advices).map((group) => toFinding(component, group)),
  );
}

interface Group {
  readonly ids: ReadonlySet<string>;
  readonly advices: readonly Advised[];
}

function groups(advices: readonly Advised[]): readonly Group[] {
  let found: Group[] = [];
  for (const advice of advices) {
    const ids = [advice.advisory.id, ...(advice.advisory.aliases ?? [])];
    const joined = found.filter((group) => ids.some((id) => group.ids.has(id)));
    found = [
      ...found.filter((group) => !joined.includes(group)),
      {
        ids: new Set([...joined.flatMap((group) => [...group.ids]), ...ids]),
        advices: [...joined.flatMap((group) => group.advices), advice],
      },
    ];
  }
  return found;
}

function toFinding(component: Component, { ids, advices }: Group): Finding {
  const isCertain = advices.some((advice) => advice.isCertain);
  const rated = advices.map(({ advisory }) => ({ advisory, severity: severityOf(component, advisory) }));
  const severity = worstSeverity(rated.map((entry) => entry.severity));
  const told = rated.find((entry) => entry.severity === severity)?.advisory ?? advices[0]?.advisory;
  const rule = told?.id ?? '';
  return {
    scanner: 'dependencies',
    rule,
    aliases: [...ids].filter((id) => id !== rule).sort(),
    severity,
    title: told?.summary?.replaceAll(/\s+/g, ' ').slice(0, 200) || `${spell(component)} has a known vulnerability`,
    subject: spell(component),
    within: [component.name, component.foundIn],
    location: { path: component.foundIn, line: 1 },
    fixedIn: isReadable(component)
      ? [...new Set(advices.flatMap(({ advisory }) => fixedVersions(component, advisory)))]
      : [],
    isCertain,
  };
}

function isReadable({ ecosystem, version }: Component): boolean {
  return ecosystem !== undefined && version !== undefined && canBeAsked(ecosystem, version);
}
