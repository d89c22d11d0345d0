import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import * as z from 'zod';
import type { JsonObject } from '../../json.ts';
import { notSupportedLocally } from '../../errors.ts';
import type { ResourceContext } from '../../template/resource.ts';
import { invalidParameter } from './function-reference.ts';

/** A function's code as it lies on disk. */
export interface StoredCode {
  readonly folder: string;
  /** Base64, over the names and bytes of all files. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Keeps each function's code apart from the assets it came from, so that a later synth does not change what runs. */
export interface CodeStore {
  /** Copies or unpacks what `Code` of an `AWS::Lambda::Function` names. */
  keep(code: JsonObject, context: ResourceContext): StoredCode;
  /** Deletes all code but `folders`. */
  keepOnly(folders: ReadonlySet<string>): void;
}

const codeSchema = z.object({
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  ZipFile: z.string().optional(),
  ImageUri: z.string().optional(),
});

/** Unpacked, as Lambda limits it. */
const maxUnpackedBytes = 262_144_000;

/** Opens the code kept in `folder`. */
export function openCodeStore(folder: string): CodeStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Ends Node's search for a package.json: without it a bundle would take the module type of the project around it.
  writeFileSync(join(folder, 'package.json'), '{}\n');
  return {
    keep: (code, context) => {
      const taken = join(folder, `taken-${randomUUID()}`);
      try {
        take(code, context, taken);
        return settle(taken, folder);
      } finally {
        rmSync(taken, { recursive: true, force: true });
      }
    },
    keepOnly: (folders) => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory() && !folders.has(path)) rmSync(path, { recursive: true, force: true });
      }
    },
  };
}

function take(code: JsonObject, context: ResourceContext, target: string): void {
  const { S3Bucket, S3Key, ZipFile, ImageUri } = codeSchema.parse(code);
  if (ImageUri !== undefined) throw notSupportedLocally('a Lambda function from a container image');
  if (ZipFile !== undefined) return writeInside(target, 'index.js', ZipFile);
  if (S3Bucket === undefined || S3Key === undefined) {
    throw invalidParameter('Code names no source: give S3Bucket and S3Key, or ZipFile');
  }
  const asset = context.assetPath(S3Bucket, S3Key);
  if (statSync(asset).isDirectory()) cpSync(asset, target, { recursive: true, dereference: true });
  else unpack(readFileSync(asset), target);
}

function unpack(zip: Uint8Array, target: string): void {
  let unpackedBytes = 0;
  const files = unzipSync(zip, {
    filter: ({ originalSize }) => {
      unpackedBytes += originalSize;
      if (unpackedBytes > maxUnpackedBytes) {
        throw invalidParameter(`Unzipped size must be smaller than ${maxUnpackedBytes} bytes`);
      }
      return true;
    },
  });
  for (const [name, body] of Object.entries(files)) {
    if (!name.endsWith('/')) writeInside(target, name, body);
  }
}

function writeInside(target: string, name: string, body: string | Uint8Array): void {
  const relative = normalize(name);
  if (relative.startsWith('..') || relative.startsWith('/')) {
    throw invalidParameter(`Could not unzip uploaded file: ${name} lies outside of it`);
  }
  const path = join(target, relative);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, body);
}

/** Names the folder after its content; the same code of two functions is kept once. */
function settle(taken: string, folder: string): StoredCode {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for (const file of listFiles(taken)) {
    const body = readFileSync(join(taken, file));
    hash.update(`${file}\n${body.length}\n`).update(body);
    sizeBytes += body.length;
  }
  const digest = hash.digest();
  const target = join(folder, digest.toString('hex').slice(0, 32));
  if (!existsSync(target)) renameSync(taken, target);
  return { folder: target, sha256: digest.toString('base64'), sizeBytes };
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(folder.length), entry.name))
    .sort();
}
