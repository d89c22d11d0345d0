import type { Plugin } from 'esbuild';
import { rewriting, type Rewrite } from './rewrite.ts';

/**
 * Leaves out modules of the SDK that are imported and never run: each stands in for what it names and says so if it is reached
 * after all. An entry can go when its package no longer imports the module where Node is the platform.
 */
export function unreached(): Plugin {
  return rewriting('unreached', ofTheSdk);
}

/** The same for other packages, in functions of Slipway alone: an action of one's own may well reach what these leave out. */
export function unreachedBySlipway(): Plugin {
  return rewriting('unreached', ofPackages);
}

/** Packages that are looked for at run time only: credential providers that a Lambda function never asks. */
export const unusedPackages: readonly string[] = [
  ...['ini', 'sso', 'process', 'web-identity', 'login', 'http'].map((name) => `@aws-sdk/credential-provider-${name}`),
  '@smithy/credential-provider-imds',
];

/** What stands in bundles for modules of the SDK that a Lambda function never reaches as Slipway calls it. */
const ofTheSdk: readonly Rewrite[] = [
  {
    // No operation that Slipway calls answers a stream of events; the S3 client only prepares for one. Loaded on demand,
    // it also kept esbuild from joining every module that it shares with the rest.
    files: /@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
    change: (source) =>
      `${refusing(
        reExportedNames(source).filter((name) => name !== 'resolveEventStreamSerdeConfig'),
        'event streams',
      )}
      export const resolveEventStreamSerdeConfig = (config) => config;`,
  },
  {
    // It writes the headers of signed events.
    files: /@smithy\/signature-v4\/dist-es\/HeaderFormatter\.js$/,
    change: () => `export class HeaderFormatter { format() { ${refusal('event streams')} } }`,
  },
  {
    // Bodies in XML: of S3, Slipway's functions get, head and put objects. The client makes a serializer all the same.
    files: /@aws-sdk\/core\/dist-es\/submodules\/protocols\/xml\/XmlShapeSerializer\.js$/,
    change: () =>
      `export class XmlShapeSerializer { setSerdeContext() {} flush() {} write() { ${refusal('bodies in XML')} } }`,
  },
  {
    // Sessions for directory buckets, which hold no versions and so no source.
    files: /middleware-s3-express\/classes\/S3ExpressIdentityProviderImpl\.js$/,
    change: () =>
      `export class S3ExpressIdentityProviderImpl { getS3ExpressIdentity() { ${refusal('directory buckets')} } }`,
  },
  {
    // Signatures for several regions at once need one more package, which is not there; so says what stands in.
    files: /@aws-sdk\/signature-v4-multi-region\/dist-es\/SignatureV4MultiRegion\.js$/,
    change: () =>
      `import { SignatureV4SignWithCredentials } from "./SignatureV4SignWithCredentials";
      export class SignatureV4MultiRegion extends SignatureV4SignWithCredentials {
        static sigv4aDependency() { return "none"; }
      }`,
  },
  {
    // Streams of browsers: on Node the client's HTTP handler gives Node's.
    files: /util-stream\/(sdk-stream-mixin|checksum\/createChecksumStream|getAwsChunkedEncodingStream)\.browser\.js$/,
    change: (source) => refusing(exportedNames(source), "browsers' streams"),
  },
  {
    // On Node the HTTP handler gives Node's streams; asking for the class of the web's loads all of them.
    files: /util-stream\/stream-type-check\.js$/,
    change: () => 'export const isReadableStream = () => false; export const isBlob = () => false;',
  },
  {
    // A function has no home with ~/.aws in it. Where it runs on a laptop there is one, of a person whose settings are not meant
    // for it.
    files: /shared-ini-file-loader\/loadSharedConfigFiles\.js$/,
    change: () => `export { CONFIG_PREFIX_SEPARATOR } from "./constants";
      export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  },
  {
    // Hashes in JavaScript, for a Node without node:crypto.
    files: /\/(Sha256Js|Sha1Js|Md5Js)\.js$/,
    change: (source) => refusing(exportedNames(source), 'hashes in JavaScript'),
  },
  {
    // Retries in mode "adaptive", which our clients are not set to.
    files: /@smithy\/core\/dist-es\/submodules\/retry\/util-retry\/DefaultRateLimiter\.js$/,
    change: (source) => refusing(exportedNames(source), 'adaptive retries'),
  },
  {
    // Asks the machine for its region; Lambda says it in AWS_REGION.
    files: /regionConfig\/getInstanceMetadataRegion\.js$/,
    change: () => 'export const getInstanceMetadataRegion = async () => undefined;',
  },
];

/** What stands in bundles for modules of other packages, by what reaches for them. */
const ofPackages: readonly Rewrite[] = [
  {
    // Every DynamoDB client makes this cache, and fills it only if endpoint discovery is on.
    files: /mnemonist\/lru-cache\.js$/,
    change: () =>
      'module.exports = class extends Map { constructor() { super(); } peek(key) { return this.get(key); } };',
  },
  {
    // Buffers of browsers: hyperid, of autocannon's client, takes Node's where there are some.
    files: /node_modules\/buffer\/index\.js$/,
    change: () => "module.exports = require('node:buffer');",
  },
  {
    // Whether Node has worker threads, which autocannon's client asks the whole of semver for and does not use.
    files: /node_modules\/autocannon\/lib\/util\.js$/,
    change: (source) =>
      source.replace("require('semver')", 'undefined').replace(/hasWorkerSupport = .*$/m, 'hasWorkerSupport = true'),
  },
  {
    // Colours and patterns for a terminal; secretlint's profiler logs through it.
    files: /node_modules\/debug\/src\/index\.js$/,
    change: () => 'module.exports = () => Object.assign(() => {}, { enabled: false });',
  },
];

/** A statement that says what is missing. */
function refusal(what: string): string {
  return `throw new Error(${JSON.stringify(`Slipway's bundles leave out ${what}; see infra/bundling/unreached.ts`)});`;
}

/** Exports that fail when they are called or constructed. */
function refusing(names: readonly string[], what: string): string {
  const renamed = names.map((name) => `refuse as ${name}`).join(', ');
  return `function refuse() { ${refusal(what)} }\nexport { ${renamed} };`;
}

/** Names in `export function X`, `export const X`, `export class X`. */
function exportedNames(source: string): string[] {
  return [...source.matchAll(/^export (?:async )?(?:function|const|let|class) (\w+)/gm)].map(([, name = '']) => name);
}

/** Names in `export { A, B as C } from`. */
function reExportedNames(source: string): string[] {
  return [...source.matchAll(/^export \{([^}]*)\} from/gm)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.split(' as ').at(-1)?.trim() ?? '')
    .filter((name) => name !== '');
}
