import type { WireRequest } from '../service.ts';

/** Who signed for which service: `AKIA…/20260105/us-east-1/s3/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Whether the signature is in the query, not in a header. */
  readonly isPresigned: boolean;
}

/** Reads the credential scope of a signed request; undefined if the request is not signed with version 4. */
export function credentialScope(request: WireRequest): CredentialScope | undefined {
  const header = request.headers['authorization'];
  const signed = header?.startsWith('AWS4-HMAC-SHA256') ? /Credential=([^,\s]+)/.exec(header)?.[1] : undefined;
  if (signed !== undefined) return parse(signed, false);
  const presigned = new URLSearchParams(request.query).get('X-Amz-Credential');
  return presigned === null ? undefined : parse(presigned, true);
}

function parse(text: string, isPresigned: boolean): CredentialScope | undefined {
  const [accessKeyId, date, region, service, end, ...more] = text.split('/');
  if (!accessKeyId || !date || !region || !service || end !== 'aws4_request' || more.length > 0) return undefined;
  return { accessKeyId, date, region, service, isPresigned };
}
