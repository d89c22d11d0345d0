import { describe, expect, it } from 'vitest';
import { findComponents } from '../../../../shared/actions/security-scan/components/find-components.ts';

describe('packages from elsewhere than the public registry', () => {
  const origins = (files: Readonly<Record<string, string>>): (string | undefined)[] =>
    findComponents(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])), []).components.map(
      ({ name, registry, uncheckedBecause }) => `${name}: ${registry ?? uncheckedBecause}`,
    );
  const npm = 'https://registry.npmjs.org/a/-/a-1.0.0.tgz';
  const own = 'https://someone:password@npm.acme.example/x/b/-/b-1.0.0.tgz';
  const archive = 'https://codeload.github.com/acme/c/tar.gz/abc';
  const npmLock = { lockfileVersion: 3, packages: {} as Record<string, object> };
  for (const [name, resolved] of Object.entries({ a: npm, b: own, c: archive }))
    npmLock.packages[`node_modules/${name}`] = { version: '1.0.0', resolved };
  const yarn = (name: string, resolved: string): string =>
    `${name}@^1:\n  version "1.0.0"\n  resolved "${resolved}#x"\n`;

  it.each<[string, string]>([
    ['package-lock.json', JSON.stringify(npmLock)],
    [
      'package-lock.json',
      JSON.stringify({
        dependencies: {
          c: { version: '1.0.0', resolved: archive },
          b: { version: '1.0.0', resolved: own },
          a: { version: '1.0.0', resolved: npm },
        },
      }),
    ],
    ['yarn.lock', `# yarn lockfile v1\n\n${yarn('a', npm)}\n${yarn('b', own)}\n${yarn('c', archive)}`],
    [
      'yarn.lock',
      ['a@npm:1.0.0', `b@npm:1.0.0::__archiveUrl=${encodeURIComponent(own)}`, `c@npm:1.0.0::__archiveUrl=${archive}`]
        .map((resolution) => `"${resolution.slice(0, 1)}@npm:^1":\n  version: 1.0.0\n  resolution: "${resolution}"\n`)
        .join('\n')
        .replace(/^/, '__metadata:\n  version: 8\n\n'),
    ],
    [
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: x}\n  b@1.0.0:\n    resolution: {integrity: x, tarball: '${own}'}\n  c@1.0.0:\n    resolution: {tarball: '${archive}'}\n`,
    ],
  ])('are told by their host alone, and archives of repositories are not looked up: %s', (path, text) => {
    expect(origins({ [path]: text })).toEqual(['a: undefined', 'b: npm.acme.example', 'c: comes from git']);
  });

  it.each([
    ['gitlab.com', 'https://gitlab.com/api/v4/projects/1/packages/npm/@s/a/-/@s/a-1.0.0.tgz'],
    ['gitlab.com', 'https://gitlab.com/api/v4/groups/1/-/packages/npm/get/-/get-1.0.0.tgz'],
    ['gitlab.com', 'https://gitlab.com/api/v4/packages/npm/archive/-/archive-1.0.0.tgz'],
    ['npm.pkg.github.com', 'https://npm.pkg.github.com/download/@s/a/1.0.0/abc'],
    ['comes from git', 'https://codeload.github.com/s/a/tar.gz/abc'],
    ['comes from git', 'https://github.com/s/a/archive/refs/tags/v1.0.0.tar.gz'],
    ['comes from git', 'https://github.com/s/a/tarball/abc'],
    ['comes from git', 'https://github.com/s/a/releases/download/v1.0.0/a.tgz'],
    ['comes from git', 'https://gitlab.com/s/t/a/-/archive/v1.0.0/a-v1.0.0.tar.gz'],
    ['comes from git', 'https://gitlab.com/s/a/repository/archive.tar.gz?ref=abc'],
    ['comes from git', 'https://gitlab.com/api/v4/projects/s%2Fa/repository/archive.tar.gz?sha=abc'],
    ['comes from git', 'https://bitbucket.org/s/a/get/abc.tar.gz'],
    ['comes from git', 'https://gitlab.com/s/t/a.git#abc'],
    ['comes from git', 'https://github.com/s/a#abc'],
  ])('are told from repositories on the same host: %s for %s', (origin, resolved) => {
    const packages = { 'node_modules/a': { version: '1.0.0', resolved } };
    expect(origins({ 'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages }) })).toEqual([
      `a: ${origin}`,
    ]);
  });

  it('are told of Rust and Python, too', () => {
    const source = (url: string): string =>
      `[[package]]\nname = "x${url.length}"\nversion = "1.0.0"\nsource = "${url}"\n`;
    const rust = ['registry+https://github.com/rust-lang/crates.io-index', 'sparse+https://index.crates.io/'];
    const cargo = [...rust, 'sparse+https://cargo.acme.example/index/'].map(source).join('');
    expect(origins({ 'Cargo.lock': cargo }).map((origin) => origin?.split(': ')[1])).toEqual([
      ...['undefined', 'undefined', 'cargo.acme.example'],
    ]);
    const poetry = `[[package]]\nname = "x"\nversion = "1"\n[package.source]\ntype = "legacy"\nurl = "https://someone:password@pypi.acme.example/simple"\n`;
    expect(origins({ 'poetry.lock': poetry })).toEqual(['x: pypi.acme.example']);
  });
});
