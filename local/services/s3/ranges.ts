import { AwsError } from '../../errors.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import type { ObjectVersion } from './versions.ts';

/** The bytes that a read returns, `end` exclusive; `isPartial` answers 206 with Content-Range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
  readonly isPartial: boolean;
}

/**
 * Which bytes a read asks for. Like S3 it answers one range; several at once, or a header it cannot read, give the whole
 * object.
 * @throws AwsError `InvalidRange` when the range begins past the end
 */
export function selectRange(
  version: ObjectVersion,
  input: { readonly Range?: string | undefined; readonly PartNumber?: number | undefined },
): ByteRange {
  const { Range, PartNumber } = input;
  if (Range !== undefined && PartNumber !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
  if (PartNumber !== undefined) return rangeOfPart(version, PartNumber);
  const size = version.sizeBytes;
  const whole: ByteRange = { start: 0, end: size, isPartial: false };
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(Range?.trim() ?? '') ?? [];
  if (Range === undefined || (first === '' && last === '')) return whole;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return whole;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start >= size) throw invalidRange(Range, size);
  return { start, end, isPartial: true };
}

/** The `Content-Range` of a range. */
export function contentRange(range: ByteRange, sizeBytes: number): string {
  return `bytes ${range.start}-${range.end - 1}/${sizeBytes}`;
}

/** Reads `bytes=a-b` of UploadPartCopy's source range, where S3 wants both ends. */
export function copyRange(header: string | undefined, sizeBytes: number): ByteRange {
  if (header === undefined) return { start: 0, end: sizeBytes, isPartial: false };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  const start = Number(first);
  const end = Number(last) + 1;
  if (first === undefined || last === undefined || start >= end) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    );
  }
  if (end > sizeBytes) {
    throw invalidArgument(
      `Range specified is not valid for source object of size: ${sizeBytes}`,
      'x-amz-copy-source-range',
      header,
    );
  }
  return { start, end, isPartial: true };
}

function rangeOfPart(version: ObjectVersion, partNumber: number): ByteRange {
  const sizes = version.attributes.partSizesBytes ?? [version.sizeBytes];
  const size = sizes[partNumber - 1];
  if (size === undefined) {
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      httpStatus: 416,
      members: { PartNumberRequested: String(partNumber), ActualPartCount: String(sizes.length) },
    });
  }
  const start = sizes.slice(0, partNumber - 1).reduce((sum, bytes) => sum + bytes, 0);
  return { start, end: start + size, isPartial: size > 0 };
}

function invalidRange(requested: string, sizeBytes: number): AwsError {
  return new AwsError('InvalidRange', 'The requested range is not satisfiable', {
    httpStatus: 416,
    members: { RangeRequested: requested, ActualObjectSize: String(sizeBytes) },
  });
}
