import type { ArtifactFiles } from '../../artifacts.ts';
import { ActionFailed } from '../../result.ts';
import { isExcluded } from '../excluded.ts';
import { textOf } from '../text-of.ts';
import { cargoLock } from './cargo-lock.ts';
import { distinct, type Component } from './component.ts';
import { goSum } from './go-sum.ts';
import { named, readLockFile, type LockFileReader } from './lock-file.ts';
import { packageLock } from './package-lock.ts';
import { pnpmLock } from './pnpm-lock.ts';
import { pom } from './pom.ts';
import { poetryLock, requirements } from './python.ts';
import { yarnLock } from './yarn-lock.ts';

const readers: readonly LockFileReader[] = [
  ...[packageLock, pnpmLock, yarnLock, requirements, poetryLock, goSum, cargoLock, pom],
];

/** What other package managers lock: known, so that nobody takes their packages for checked. */
const isOtherLockFile = named(
  ...['bun.lock', 'bun.lockb', 'deno.lock', 'uv.lock', 'Pipfile.lock', 'pdm.lock', 'pixi.lock', 'conda-lock.yml'],
  ...['pylock.toml', 'composer.lock', 'Gemfile.lock', 'gems.locked', 'packages.lock.json', 'packages.config'],
  ...['paket.lock', 'gradle.lockfile', 'buildscript-gradle.lockfile', 'mix.lock', 'rebar.lock'],
  ...['Package.resolved', 'Podfile.lock', 'Cartfile.resolved', 'pubspec.lock', 'conan.lock', 'renv.lock'],
  ...['stack.yaml.lock', 'cabal.project.freeze', 'Manifest.toml', 'cpanfile.snapshot', 'build.sbt.lock'],
);

/** What a source says about its packages. */
export interface FoundComponents {
  /** Each once. */
  readonly components: readonly Component[];
  /** How many lock files, or bills of materials, were read. */
  readonly readCount: number;
  /** Lock files that are not read, each with the reason. */
  readonly notRead: readonly string[];
}

/** A lock file past this size is taken for a mistake. */
const largestFileBytes = 30_000_000;

/** As many as a function of 1 GB holds with their advisories. */
const largestComponentCount = 50_000;

/**
 * The packages that the lock files of a source name.
 * @throws ActionFailed ConfigurationError if there is no lock file, one can't be read, or they name too many
 */
export function findComponents(files: ArtifactFiles, exclude: readonly string[]): FoundComponents {
  const found: Component[] = [];
  const notRead: string[] = [];
  const holds = (path: string): boolean => files.has(path);
  let readCount = 0;
  for (const [path, content] of files) {
    if (isExcluded(path, exclude) || /(^|\/)node_modules\//.test(path)) continue;
    if (isOtherLockFile(path)) notRead.push(`${path} (such lock files are not read)`);
    const reader = readers.find(({ isMeant }) => isMeant(path));
    if (!reader) continue;
    if (content.length > largestFileBytes)
      throw refusal(`${path} is ${content.length} bytes, read are at most ${largestFileBytes}; exclude it`);
    readCount += 1;
    // One by one: spreading a lock file of 100,000 entries into push() exceeds the stack.
    for (const component of readLockFile(reader, textOf(content), { path, holds })) found.push(component);
  }
  if (readCount + notRead.length === 0)
    throw refusal(
      'the source holds no lock file (package-lock.json, pnpm-lock.yaml, yarn.lock, requirements.txt, poetry.lock, go.sum, Cargo.lock, pom.xml); commit one, or pass a CycloneDX file as sbom',
    );
  return { components: bounded(distinct(found)), readCount, notRead };
}

/** @throws ActionFailed ConfigurationError if they are too many */
export function bounded(components: Component[]): Component[] {
  if (components.length <= largestComponentCount) return components;
  throw refusal(
    `there are ${components.length} components, looked up are at most ${largestComponentCount}; scan parts of the source in actions of their own`,
  );
}

function refusal(message: string): ActionFailed {
  return new ActionFailed('ConfigurationError', message);
}
