import type { Plugin } from 'esbuild';
import { rewriting } from './rewrite.ts';

/** What stands in bundles for modules that a Lambda function of Slipway never reaches. */
const replacements = [
  {
    // No operation that Slipway calls answers a stream of events; the S3 client only prepares for one. Loaded on demand,
    // it also kept esbuild from joining every module that it shares with the rest.
    files: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    change: (source: string) =>
      `${refusing(
        reExportedNames(source).filter((name) => name !== 'resolveEventStreamSerdeConfig'),
        'event streams',
      )}\nexport const resolveEventStreamSerdeConfig = (config) => config;`,
  },
  {
    // Hashes in JavaScript, for a Node without node:crypto.
    files: /\/(Sha256Js|Sha1Js|Md5Js)\.js$/,
    change: (source: string) => refusing(exportedNames(source), 'hashes in JavaScript'),
  },
  {
    // Every DynamoDB client makes this cache, and fills it only if endpoint discovery is on.
    files: /mnemonist\/lru-cache\.js$/,
    change: () =>
      'module.exports = class extends Map { constructor() { super(); } peek(key) { return this.get(key); } };',
  },
  {
    // Colours and patterns for a terminal; secretlint's profiler logs through it.
    files: /node_modules\/debug\/src\/index\.js$/,
    change: () => 'module.exports = () => Object.assign(() => {}, { enabled: false });',
  },
] as const;

/**
 * Leaves out modules that are imported and never run: each stands in for what it names and says so if it is reached after
 * all. An entry can go when its package no longer imports the module where Node is the platform.
 */
export function unreached(): Plugin {
  return rewriting('unreached', replacements);
}

/** Packages that are looked for at run time only: credential providers that a Lambda function never asks. */
export const unusedPackages: readonly string[] = [
  ...['ini', 'sso', 'process', 'web-identity', 'login', 'http'].map((name) => `@aws-sdk/credential-provider-${name}`),
  '@smithy/credential-provider-imds',
];

/** Exports that fail when they are called or constructed. */
export function refusing(names: readonly string[], what: string): string {
  const message = JSON.stringify(`Slipway's bundles leave out ${what}; see infra/bundling/`);
  return [
    `function refuse() { throw new Error(${message}); }`,
    `export { ${names.map((name) => `refuse as ${name}`).join(', ')} };`,
  ].join('\n');
}

/** Names in `export function X`, `export const X`, `export class X`. */
export function exportedNames(source: string): string[] {
  return [...source.matchAll(/^export (?:async )?(?:function|const|let|class) (\w+)/gm)].map(([, name = '']) => name);
}

/** Names in `export { A, B as C } from`. */
function reExportedNames(source: string): string[] {
  return [...source.matchAll(/^export \{([^}]*)\} from/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.split(' as ').at(-1)?.trim() ?? '')
    .filter((name) => name !== '');
}
