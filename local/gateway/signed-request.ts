import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { withoutChunks } from './aws-chunked.ts';
import { verifyChecksums } from './checksums.ts';
import { uncompressed } from './compressed-body.ts';
import type { LocalGateway } from './gateway.ts';
import { protocolOf } from './protocols/registry.ts';
import type { ServiceApi, WireRequest, WireResponse } from './service.ts';
import { authenticate, type Authentication } from './signing/authenticate.ts';
import type { CredentialScope } from './signing/credential-scope.ts';

/** What answers signed requests. */
export interface SignedRequestContext extends Authentication {
  readonly gateway: LocalGateway;
  readonly report: (line: string) => void;
}

/** Answers a request of an AWS client in its service's protocol; whatever goes wrong is an answer too. */
export async function answerSigned(
  context: SignedRequestContext,
  api: ServiceApi,
  request: WireRequest,
  scope: CredentialScope,
): Promise<WireResponse> {
  const requestId = randomUUID();
  const protocol = protocolOf(api, request);
  const answer = async (): Promise<WireResponse> => {
    const principal = authenticate(api, request, scope, context);
    const { operation, input } = protocol.decode(api, contentOf(api, request, scope));
    const output = await context.gateway.serve({ service: api.name, operation, input }, principal, requestId);
    return protocol.encode(api, operation, output, requestId);
  };
  const response = await answer().catch((cause: unknown) =>
    protocol.encodeError(api, errorOf(cause, context), requestId),
  );
  return { ...response, headers: { ...response.headers, 'x-amzn-requestid': requestId } };
}

function errorOf(cause: unknown, context: SignedRequestContext): AwsError {
  if (cause instanceof AwsError) return cause;
  context.report(`the gateway failed: ${cause instanceof Error ? cause.stack : String(cause)}`);
  return new AwsError('InternalFailure', 'The gateway of the local cloud failed; its log says why', {
    httpStatus: 500,
  });
}

function contentOf(api: ServiceApi, request: WireRequest, scope: CredentialScope): WireRequest {
  if (api.protocol.kind !== 'rest-xml') return uncompressed(request);
  const content = withoutChunks(scope.isPresigned ? withHoistedHeaders(request) : request);
  verifyChecksums(content);
  return content;
}

/**
 * Presigning moves `x-amz-…` headers into the query, and S3 reads them there. A hoisted checksum is left alone: the
 * SDK's is the one of the empty body that it signed.
 */
function withHoistedHeaders(request: WireRequest): WireRequest {
  const hoisted = [...new URLSearchParams(request.query)]
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => /^x-amz-(?!checksum-|sdk-checksum-)/.test(name));
  return { ...request, headers: { ...Object.fromEntries(hoisted), ...request.headers } };
}
