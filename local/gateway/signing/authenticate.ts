import type { CloudClock } from '../../clock/clock.ts';
import { AwsError } from '../../errors.ts';
import type { CredentialIssuer, Principal } from '../principal.ts';
import type { ServiceApi, WireRequest } from '../service.ts';
import type { CredentialScope } from './credential-scope.ts';
import { verifyPresigned } from './presigned.ts';
import { verifySignedHeaders } from './signed-headers.ts';

/** What tells whose request it is. */
export interface Authentication {
  readonly credentials: CredentialIssuer;
  readonly clock: CloudClock;
  readonly region: string;
}

/**
 * The principal behind a signed request. The access key must be one that this local cloud has issued, the signature must
 * be right, since a presigned URL that was passed on shows key id and session token, and a presigned request must not
 * have expired on the cloud's clock.
 * @throws AwsError as the service's protocol documents it
 */
export function authenticate(
  api: ServiceApi,
  request: WireRequest,
  scope: CredentialScope,
  { credentials, clock, region }: Authentication,
): Principal {
  const found = credentials.find(scope.accessKeyId);
  if (!found) throw unknownKey(api);
  if (found.sessionToken !== undefined && sessionTokenOf(request, scope) !== found.sessionToken) throw unknownKey(api);
  if (scope.region !== region) throw wrongRegion(api, scope, region);
  const { secretAccessKey } = found;
  if (scope.isPresigned) verifyPresigned(api, request, scope, { secretAccessKey, nowMs: clock.nowMs() });
  else verifySignedHeaders(api, request, scope, secretAccessKey);
  return found.principal;
}

function sessionTokenOf(request: WireRequest, scope: CredentialScope): string | undefined {
  if (!scope.isPresigned) return request.headers['x-amz-security-token'];
  return new URLSearchParams(request.query).get('X-Amz-Security-Token') ?? undefined;
}

const unknownKeyText =
  'The security token included in the request is invalid: this local cloud did not issue it, or it has expired. ' +
  'Use the credentials that it printed when it started.';

function unknownKey(api: ServiceApi): AwsError {
  switch (api.protocol.kind) {
    case 'rest-xml':
      return new AwsError('InvalidAccessKeyId', unknownKeyText, { httpStatus: 403 });
    case 'query':
      return new AwsError('InvalidClientTokenId', unknownKeyText, { httpStatus: 403 });
    case 'rest-json':
      return new AwsError('UnrecognizedClientException', unknownKeyText, { httpStatus: 403 });
    case 'json':
      return new AwsError('UnrecognizedClientException', unknownKeyText);
  }
}

function wrongRegion(api: ServiceApi, scope: CredentialScope, region: string): AwsError {
  const text = `Credential should be scoped to a valid region: this local cloud is ${region}, got ${scope.region}; set AWS_REGION`;
  return api.protocol.kind === 'rest-xml'
    ? new AwsError('AuthorizationHeaderMalformed', text, { members: { Region: region } })
    : new AwsError(api.protocol.kind === 'query' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException', text, {
        httpStatus: 403,
      });
}
