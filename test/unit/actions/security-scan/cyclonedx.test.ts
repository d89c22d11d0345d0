import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { readCycloneDx, writeCycloneDx } from '../../../../shared/actions/security-scan/components/cyclonedx.ts';
import type { Component } from '../../../../shared/actions/security-scan/components/component.ts';

const library = dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'));
const schema = (name: string): object => JSON.parse(readFileSync(join(library, 'res/schema', name), 'utf8'));

/** The schemas that CycloneDX publishes, as its library brings them. */
const ajv = new Ajv({ strict: false, validateFormats: false });
for (const name of [
  'spdx.SNAPSHOT.schema.json',
  'jsf-0.82.SNAPSHOT.schema.json',
  'cryptography-defs.SNAPSHOT.schema.json',
]) {
  ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}`);
}
const validate = ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'));

const components: readonly Component[] = [
  { ecosystem: 'npm', name: '@x/y', version: '1.0.0', foundIn: 'package-lock.json' },
  { ecosystem: 'Maven', name: 'g:a', version: '1.0', foundIn: 'pom.xml' },
  {
    ecosystem: 'PyPI',
    name: 'requests',
    version: undefined,
    foundIn: 'requirements.txt',
    uncheckedBecause: 'is not pinned',
  },
  { ecosystem: undefined, name: 'zlib', version: '1.2', foundIn: 'bom.json', uncheckedBecause: 'has no package URL' },
];
const clock = { nowMs: () => Date.UTC(2026, 0, 5) };

describe('a CycloneDX bill of materials', () => {
  it('that is written fits the published schema, whatever the components', () => {
    const bom: unknown = JSON.parse(writeCycloneDx(components, clock));
    expect(validate(bom), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'a' }] })).toBe(false);
  });

  it('that is written can be read, with the same packages', () => {
    const read = readCycloneDx(writeCycloneDx(components, clock), 'bom.json');
    expect(
      read
        .filter(({ uncheckedBecause }) => !uncheckedBecause)
        .map(({ name, version }) => `${name} ${version}`)
        .toSorted(),
    ).toEqual(['@x/y 1.0.0', 'g:a 1.0']);
    expect(
      read
        .map(({ uncheckedBecause }) => uncheckedBecause)
        .filter(Boolean)
        .toSorted(),
    ).toEqual(['has no package URL', 'has no version']);
  });

  it('is read with the names of the registry, whatever the case of the package URL', () => {
    const components = [
      { name: 'github.com/Azure/go-autorest', purl: 'pkg:golang/github.com/azure/go-autorest@v14.2.0' },
      { group: 'Acme', name: 'Tool', purl: 'pkg:golang/example.com/other@v1.0.0' },
      { name: 'JSONStream', purl: 'pkg:npm/JSONStream@1.3.5' },
      { name: 'Flask_Login', purl: 'pkg:pypi/Flask_Login@0.5.0' },
    ];
    const text = JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.5', components });
    expect(readCycloneDx(text, 'bom.json').map(({ name }) => name)).toEqual([
      ...['github.com/Azure/go-autorest', 'example.com/other', 'JSONStream', 'flask-login'],
    ]);
  });

  it('is read with the components inside components, and says which kinds are not looked up', () => {
    const text = JSON.stringify({
      bomFormat: 'CycloneDX',
      specVersion: '1.4',
      components: [
        { name: 'outer', purl: 'pkg:npm/outer@1.0.0', components: [{ name: 'inner', purl: 'pkg:npm/inner@2.0.0' }] },
        { name: 'base', purl: 'pkg:deb/debian/base@1' },
        { group: 'g', name: 'broken', purl: 'not one' },
      ],
    });
    expect(
      readCycloneDx(text, 'bom.json')
        .map(({ name, uncheckedBecause }) => [name, uncheckedBecause])
        .toSorted(),
    ).toEqual([
      ['debian/base', 'is of a kind that no advisories are looked up for'],
      ['g/broken', 'has a package URL that is none'],
      ['inner', undefined],
      ['outer', undefined],
    ]);
  });
});
