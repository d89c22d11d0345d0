import { $ZodError } from 'zod/v4/core';
import * as z from 'zod/mini';
import { nowAt, type Clock } from '../../../clock.ts';
import { problemsOf } from '../../../json.ts';
import { ActionFailed } from '../../result.ts';
import { purlOf, readPurl, spell, type Component } from './component.ts';

interface Listed {
  readonly group?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly purl?: string | undefined;
  readonly components?: readonly Listed[] | undefined;
}

const listedSchema: z.ZodMiniType<Listed> = z.object({
  group: z.optional(z.string()),
  name: z.string(),
  version: z.optional(z.string()),
  purl: z.optional(z.string()),
  components: z.optional(z.array(z.lazy(() => listedSchema))),
});

const bomSchema = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().check(z.regex(/^1\.[2-9]$/)),
  components: z._default(z.array(listedSchema), []),
});

/**
 * Reads a CycloneDX bill of materials in JSON, specification 1.2 to 1.9 (cyclonedx.org/docs/1.6/json). Components without
 * a package URL are listed as ones that can't be checked.
 * @throws ActionFailed ConfigurationError if it is none, or lists nothing, which says that its maker has looked at nothing
 */
export function readCycloneDx(text: string, path: string): Component[] {
  const found: Component[] = [];
  const open = [...bomOf(text, path).components];
  for (let next = open.pop(); next; next = open.pop()) {
    found.push(fromListed(next, path));
    open.push(...(next.components ?? []));
  }
  if (found.length === 0)
    throw new ActionFailed(
      'ConfigurationError',
      `${path} lists no components; make it of what is built, with its packages`,
    );
  return found.toReversed();
}

function bomOf(text: string, path: string): z.infer<typeof bomSchema> {
  try {
    return bomSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ActionFailed(
      'ConfigurationError',
      `${path} is no CycloneDX bill of materials in JSON, specification 1.2 or later${reasonOf(cause)}; make it with a CycloneDX tool`,
      { cause },
    );
  }
}

/** A parser's own words would quote the text. */
function reasonOf(cause: unknown): string {
  return cause instanceof $ZodError ? ` (${problemsOf(cause).slice(0, 200)})` : '';
}

function fromListed({ group, name, version, purl }: Listed, foundIn: string): Component {
  const read = purl === undefined ? undefined : readPurl(purl);
  const full = group ? `${group}/${name}` : name;
  if (!read) {
    const uncheckedBecause = purl === undefined ? 'has no package URL' : 'has a package URL that is none';
    return { ecosystem: undefined, name: full, version, foundIn, uncheckedBecause };
  }
  const known = { ...read, name: withCase(read, [full, name]), version: read.version ?? version, foundIn };
  if (!read.ecosystem) return { ...known, uncheckedBecause: 'is of a kind that no advisories are looked up for' };
  return known.version === undefined ? { ...known, uncheckedBecause: 'has no version' } : known;
}

/** The package URLs of some types are in lower case; the registry's names, which advisories hold, need not be. */
function withCase({ ecosystem, name }: Pick<Component, 'ecosystem' | 'name'>, spellings: readonly string[]): string {
  if (ecosystem === 'PyPI' || ecosystem === 'Packagist') return name;
  return spellings.find((spelling) => spelling.toLowerCase() === name.toLowerCase()) ?? name;
}

/** The components as a CycloneDX 1.6 bill of materials in JSON; the same components make the same text but for the time. */
export function writeCycloneDx(components: readonly Component[], clock: Clock): string {
  const sorted = components.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  return JSON.stringify({
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: nowAt(clock),
      tools: { components: [{ type: 'application', name: 'slipway security-scan' }] },
    },
    components: sorted.map(toListed),
  });
}

function keyOf(component: Component): string {
  return `${component.ecosystem ?? ''} ${spell(component)} ${component.foundIn}`;
}

function toListed(component: Component, index: number): object {
  const purl = purlOf(component);
  return {
    type: 'library',
    'bom-ref': `${index + 1}`,
    name: component.name,
    ...(component.version !== undefined && { version: component.version }),
    ...(purl !== undefined && { purl }),
    properties: [{ name: 'slipway:foundIn', value: component.foundIn }],
  };
}
