/**
 * The package registries that advisories are looked up for, by OSV's names (ossf.github.io/osv-schema, "Defined ecosystems"),
 * with the types of their package URLs (purl-spec).
 */
export const purlTypes = {
  npm: 'npm',
  PyPI: 'pypi',
  Go: 'golang',
  'crates.io': 'cargo',
  Maven: 'maven',
  NuGet: 'nuget',
  Packagist: 'composer',
  RubyGems: 'gem',
  Hex: 'hex',
  Pub: 'pub',
  SwiftURL: 'swift',
  ConanCenter: 'conan',
  CRAN: 'cran',
  Hackage: 'hackage',
  Julia: 'julia',
  Bitnami: 'bitnami',
} as const;

/** One of them. */
export type Ecosystem = keyof typeof purlTypes;

const byType = new Map(
  // The keys of the table are ecosystems.
  Object.entries(purlTypes).map(([ecosystem, type]) => [type as string, ecosystem as Ecosystem]),
);

/** The ecosystem of a type of package URLs; undefined for one that no advisory is looked up for. */
export function ecosystemOf(purlType: string): Ecosystem | undefined {
  return byType.get(purlType);
}
