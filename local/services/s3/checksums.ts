import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { invalidArgument, invalidRequest } from './errors.ts';

/** The checksum algorithms that the local cloud verifies. */
export type Checksum = 'CRC32' | 'SHA1' | 'SHA256';

/** An object's checksum in base64; that of a multipart upload may be composite, `<base64>-<parts>`. */
export interface ObjectChecksum {
  readonly algorithm: Checksum;
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** The checksum members of requests and replies, whatever the operation. */
export type ChecksumMembers = {
  readonly [Name in (typeof members)[number]]?: string | undefined;
};

const members = [
  'ChecksumCRC32',
  'ChecksumSHA1',
  'ChecksumSHA256',
  'ChecksumCRC32C',
  'ChecksumCRC64NVME',
  'ChecksumSHA512',
  'ChecksumMD5',
  'ChecksumXXHASH64',
  'ChecksumXXHASH3',
  'ChecksumXXHASH128',
] as const;

const supported: readonly string[] = ['CRC32', 'SHA1', 'SHA256'] satisfies Checksum[];

/** @throws AwsError `NotImplemented` naming the algorithm, if it is none of CRC32, SHA1, SHA256 */
export function checkAlgorithm(algorithm: string | undefined): Checksum | undefined {
  if (algorithm === undefined) return undefined;
  if (!supported.includes(algorithm)) {
    throw notSupportedLocally(`the S3 checksum algorithm ${algorithm} (use CRC32, SHA1 or SHA256)`);
  }
  // The line above has refused all others.
  return algorithm as Checksum;
}

/** The checksum of some bytes, in base64. */
export function checksumOf(algorithm: Checksum, bytes: Uint8Array): string {
  if (algorithm !== 'CRC32') return createHash(algorithm.toLowerCase()).update(bytes).digest('base64');
  return base64OfCrc32(crc32(bytes));
}

/** A CRC32 as S3 writes it: four bytes, big-endian, in base64. */
export function base64OfCrc32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('base64');
}

/** The checksum that a request states, without looking at any body. */
export function statedChecksum(input: ChecksumMembers): { algorithm: Checksum; value: string } | undefined {
  const stated = members.filter((name) => input[name] !== undefined);
  if (stated.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const [name] = stated;
  const value = name && input[name];
  if (name === undefined || value === undefined) return undefined;
  const algorithm = checkAlgorithm(name.slice('Checksum'.length));
  return algorithm && { algorithm, value };
}

/**
 * Compares a body with the checksum and the MD5 that came with it, and gives the checksum to keep: the stated one, or a
 * computed one when only its algorithm is named.
 * @throws AwsError `BadDigest`, `InvalidDigest`, `InvalidRequest`
 */
export function verifyBody(
  body: Uint8Array,
  input: ChecksumMembers & {
    readonly ContentMD5?: string | undefined;
    readonly ChecksumAlgorithm?: string | undefined;
  },
): { algorithm: Checksum; value: string } | undefined {
  verifyMd5(body, input.ContentMD5);
  const stated = statedChecksum(input);
  const algorithm = stated?.algorithm ?? checkAlgorithm(input.ChecksumAlgorithm);
  if (!algorithm) return undefined;
  const value = checksumOf(algorithm, body);
  if (stated && stated.value !== value) throw badChecksum(stated, value);
  return { algorithm, value };
}

/** The reply's members for a checksum. */
export function checksumMembers(checksum: { algorithm: Checksum; value: string } | undefined): ChecksumMembers {
  return checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {};
}

/** The error for a stated checksum that is malformed, or not that of the bytes. */
export function badChecksum(stated: { algorithm: Checksum; value: string }, computed: string): AwsError {
  if (Buffer.from(stated.value, 'base64').toString('base64').length !== computed.length) {
    return invalidRequest(`Value for x-amz-checksum-${stated.algorithm.toLowerCase()} header is invalid.`);
  }
  return new AwsError('BadDigest', `The ${stated.algorithm} you specified did not match the calculated checksum.`);
}

function verifyMd5(body: Uint8Array, stated: string | undefined): void {
  if (stated === undefined) return;
  if (Buffer.from(stated, 'base64').length !== 16) {
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  const computed = createHash('md5').update(body).digest('base64');
  if (stated !== computed) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
      members: { ExpectedDigest: stated, CalculatedDigest: computed },
    });
  }
}

/** Refuses `ChecksumMode` values that are not `ENABLED`. */
export function wantsChecksum(mode: string | undefined): boolean {
  if (mode !== undefined && mode !== 'ENABLED') {
    throw invalidArgument('Invalid checksum mode', 'x-amz-checksum-mode', mode);
  }
  return mode === 'ENABLED';
}
