import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, notSupportedLocally } from '../errors.ts';
import type { WireRequest } from './service.ts';

const prefix = 'x-amz-checksum-';
/** Headers that begin like a checksum but say something about one. */
const notChecksums = new Set(['mode', 'type', 'algorithm']);

const algorithms: Readonly<Record<string, (body: Uint8Array) => Buffer>> = {
  crc32: (body) => bigEndian(crc32(body)),
  crc32c: (body) => bigEndian(crc32c(body)),
  crc64nvme: (body) => crc64nvme(body),
  sha1: (body) => createHash('sha1').update(body).digest(),
  sha256: (body) => createHash('sha256').update(body).digest(),
};

/**
 * Compares the body with every checksum that came beside it, in a header or a trailer.
 * @throws AwsError BadDigest if one differs, `not supported locally` for an algorithm that is not here
 */
export function verifyChecksums(request: WireRequest): void {
  // A multipart upload is completed with the checksum of the object, not of the request's body.
  if (request.method === 'POST' && new URLSearchParams(request.query).has('uploadId')) return;
  const md5 = request.headers['content-md5'];
  if (md5 !== undefined && md5 !== createHash('md5').update(request.body).digest('base64')) {
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  for (const [header, given] of Object.entries(request.headers)) {
    if (!header.startsWith(prefix) || notChecksums.has(header.slice(prefix.length))) continue;
    const name = header.slice(prefix.length);
    const compute = Object.hasOwn(algorithms, name) ? algorithms[name] : undefined;
    if (!compute) throw notSupportedLocally(`the checksum algorithm ${name.toUpperCase()}`);
    if (compute(request.body).toString('base64') === given) continue;
    const text = `The ${name.toUpperCase()} you specified did not match the calculated checksum.`;
    throw new AwsError('BadDigest', text);
  }
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

/** CRC-32C (RFC 3720, appendix B.4). */
function crc32c(body: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of body) value = (value >>> 8) ^ (crc32cTable[(value ^ byte) & 0xff] ?? 0);
  return (value ^ 0xffffffff) >>> 0;
}

const crc64Polynomial = 0x9a6c9329ac4bc9b5n;
const crc64Table = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ crc64Polynomial : value >> 1n;
  return value;
});
const crc64High = Uint32Array.from(crc64Table, (value) => Number(value >> 32n));
const crc64Low = Uint32Array.from(crc64Table, (value) => Number(value & 0xffffffffn));

/** CRC-64/NVME (NVM Express base specification), in two halves of 32 bits: BigInt would be a hundred times slower. */
function crc64nvme(body: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of body) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (crc64Low[index] ?? 0);
    high = (high >>> 8) ^ (crc64High[index] ?? 0);
  }
  return Buffer.concat([bigEndian(~high), bigEndian(~low)]);
}
