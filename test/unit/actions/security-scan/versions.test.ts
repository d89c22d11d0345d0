import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ecosystem } from '../../../../shared/actions/security-scan/components/ecosystem.ts';
import { canBeAsked, comparators, orderOf } from '../../../../shared/actions/security-scan/versions/compare.ts';

/** Every version before the ones that follow it. */
const ascending: Readonly<Partial<Record<Ecosystem, readonly string[]>>> = {
  npm: ['0.9.9', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta', '1.0.0-rc.1', '1.0.0', '1.0.10', '2.0.0'],
  'crates.io': ['0.1.0', '0.2.0-rc.1', '0.2.0', '1.0.0'],
  Hex: ['0.1.0', '1.0.0-dev', '1.0.0'],
  SwiftURL: ['0.9.0', 'v1.0.0', '1.0.1'],
  // A pseudo-version stands before the release that follows it.
  Go: ['0.0.0-20190101000000-abcdefabcdef', '0.0.1', 'v1.2.3', '1.2.4+incompatible'],
  // PEP 440, "Summary of permitted suffixes and relative ordering".
  PyPI: [
    ...['1.dev0', '1.0.dev456', '1.0a1', '1.0a2.dev456', '1.0a12.dev456', '1.0a12', '1.0b1.dev456', '1.0b2'],
    ...['1.0b2.post345.dev456', '1.0b2.post345', '1.0rc1.dev456', '1.0rc1', '1.0', '1.0+abc.5', '1.0+abc.7', '1.0+5'],
    ...['1.0.post456.dev34', '1.0.post456', '1.0.15', '1.1.dev1', '2013.10', '1!0.1'],
  ],
  // maven.apache.org/pom.html, "Version order specification", and the examples of ComparableVersion.
  Maven: [
    ...['1-alpha-snapshot', '1-alpha-1', '1-beta-2', '1-beta-10', '1-milestone-1', '1-rc', '1-snapshot', '1', '1-sp'],
    ...['1-foo', '1-foo2', '1-foo10', '1-1', '1.1', '1.1.1', '2', '2.0.10', '10'],
  ],
};

it('are tried for every ecosystem whose order is known', () => {
  expect(Object.keys(ascending).toSorted()).toEqual(Object.keys(comparators).toSorted());
});

it.each(['NuGet', 'Packagist', 'RubyGems'] as const)(
  '%s: versions are not ordered here, so OSV is asked',
  (ecosystem) => {
    expect(orderOf(ecosystem)('1.0.0', '2.0.0')).toBeUndefined();
    expect(canBeAsked(ecosystem, '1.0.0.4')).toBe(true);
  },
);

describe.each(Object.entries(ascending))('versions of %s', (name, versions) => {
  const compare = orderOf(name as Ecosystem); // a key of the table

  it('are ordered as the ecosystem says', () => {
    const wrong = versions.flatMap((left, index) =>
      versions.flatMap((right, other) => {
        const [order, back] = [compare(left, right), compare(right, left)];
        const expected = Math.sign(index - other);
        return Math.sign(order ?? 9) === expected && Math.sign(back ?? 9) === -expected + 0
          ? []
          : [[left, right, order]];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

it.each([
  ['PyPI', '1.0', '1.0.0'],
  ['PyPI', '1.0-alpha.1', '1.0a1'],
  ['PyPI', 'v1.0-1', '1.0.post1'],
  ['PyPI', '1.0.0-preview', '1.0rc0'],
  ['PyPI', '99999999999999999999.1', '099999999999999999999.1'],
  ['Maven', '1.0.0', '1'],
  ['Maven', '1-ga', '1.0-final'],
  ['Maven', '1.0.RELEASE', '1'],
  ['Maven', '1.0-a1', '1.0-alpha-1'],
  ['Maven', '1.0-cr1', '1.0-RC1'],
  ['Maven', '1x', '1.0.0-x'],
  ['Maven', '1.0.0-0.0.7', '1-0.0.7'],
  ['npm', '1.0.0+build', '1.0.0'],
] as const)('%s: %s and %s are the same version', (ecosystem, left, right) => {
  expect(orderOf(ecosystem)(left, right)).toBe(0);
});

it.each([
  ['npm', '1.0'],
  ['npm', 'git+ssh://example.com/a.git'],
  ['Go', 'latest'],
  ['PyPI', '2004d'],
  ['PyPI', '1.0-foo'],
  ['Maven', '${revision}'],
  ['Maven', ''],
  ['Packagist', 'dev-main'],
  ['Packagist', '2.x-dev'],
  ['NuGet', '1.0.*'],
  ['RubyGems', '${version}'],
] as const)('%s: %j is no version that OSV is asked for', (ecosystem, version) => {
  expect(canBeAsked(ecosystem, version)).toBe(false);
});

it('Maven: what is longer than any version is none', () => {
  expect(canBeAsked('Maven', '1-'.repeat(500))).toBe(true);
  expect(canBeAsked('Maven', '1-'.repeat(501))).toBe(false);
});

/** Versions made of what each ecosystem's versions are made of. */
const small = fc.integer({ min: 0, max: 3 });
const semantic = fc
  .tuple(small, small, small, fc.option(fc.constantFrom('alpha', 'beta.1', 'rc.1', '0', 'a-b')))
  .map(([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre === null ? '' : `-${pre}`}`);
const python = fc
  .tuple(
    fc.constantFrom('', '1!'),
    fc.array(small, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', 'a1', 'b2', 'rc1', '-alpha'),
    fc.constantFrom('', '.post1', '-2'),
    fc.constantFrom('', '.dev0', '.dev3'),
    fc.constantFrom('', '+abc', '+1.2'),
  )
  .map(([epoch, release, ...rest]) => `${epoch}${release.join('.')}${rest.join('')}`);
const maven = fc
  .tuple(
    fc.array(small, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '-alpha-1', '-rc', '-SNAPSHOT', '.Final', '-sp-2', '-jre', '-1'),
  )
  .map(([numbers, qualifier]) => `${numbers.join('.')}${qualifier}`);

it.each([
  ['npm', semantic],
  ['PyPI', python],
  ['Maven', maven],
] as const)('%s: the order is one: the same from both sides, and through a third version', (ecosystem, versions) => {
  const order = (left: string, right: string): number => Math.sign(orderOf(ecosystem)(left, right) ?? Number.NaN);
  fc.assert(
    fc.property(versions, versions, versions, (a, b, c) => {
      expect(order(a, b) + order(b, a)).toBe(0);
      expect(order(a, a)).toBe(0);
      if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});
