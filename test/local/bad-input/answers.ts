import { serviceSchemas } from '../../../local/gateway/schema/service-schemas.ts';
import type { ServiceApi } from '../../../local/gateway/service.ts';
import type { RawAnswer } from './raw-client.ts';

/** Errors that every service documents beside its own ("Common errors"), and those of the wire protocols. */
const commonErrors = new Set([
  ...[
    'AccessDenied',
    'AccessDeniedException',
    'IncompleteSignature',
    'InvalidAction',
    'InvalidClientTokenId',
    'MissingAction',
  ],
  ...['InvalidSignatureException', 'SignatureDoesNotMatch', 'UnrecognizedClientException', 'InvalidAccessKeyId'],
  ...[
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'MissingParameter',
    'NotImplemented',
    'SerializationException',
  ],
  ...['UnknownOperationException', 'ValidationError', 'ValidationException', 'MalformedInput', 'MalformedQueryString'],
  ...['InvalidParameterValue', 'InvalidParameterCombination', 'InvalidQueryParameter', 'ThrottlingException'],
]);

/** S3 documents its errors in a list of their own, of which its model has few. */
const s3Errors = new Set([
  ...[
    'AuthorizationHeaderMalformed',
    'AuthorizationQueryParametersError',
    'BadDigest',
    'BucketNotEmpty',
    'EntityTooLarge',
  ],
  ...[
    'EntityTooSmall',
    'IncompleteBody',
    'InvalidArgument',
    'InvalidBucketAclWithObjectOwnership',
    'InvalidBucketName',
    'InvalidDigest',
    'InvalidPart',
  ],
  ...[
    'InvalidPartOrder',
    'InvalidRange',
    'InvalidRequest',
    'InvalidTag',
    'KeyTooLongError',
    'IllegalVersioningConfigurationException',
    'MalformedPolicy',
    'MalformedXML',
  ],
  ...[
    'MetadataTooLarge',
    'MethodNotAllowed',
    'NoSuchBucketPolicy',
    'NoSuchTagSet',
    'NoSuchVersion',
    'NoSuchPublicAccessBlockConfiguration',
  ],
  ...['NoSuchWebsiteConfiguration', 'PreconditionFailed', 'XAmzContentSHA256Mismatch', 'InvalidWebsiteConfiguration'],
]);

/** What is wrong with the way an error is told; undefined if a client of the service reads it. */
export function badError(api: ServiceApi, answer: RawAnswer): string | undefined {
  if (answer.status === 304) return undefined;
  const code = codeOf(api, answer);
  if (code === undefined) return 'the body is not an error of the protocol';
  const { errors } = serviceSchemas(api);
  const isKnown =
    errors.has(code) || commonErrors.has(code) || (api.name === 's3' && s3Errors.has(code)) || isOldCode(api, code);
  return isKnown ? undefined : `${code} is no error of ${api.name}`;
}

function isOldCode(api: ServiceApi, code: string): boolean {
  return [...serviceSchemas(api).errors.values()].some((error) => {
    const trait: unknown = error.getMergedTraits().awsQueryError;
    return Array.isArray(trait) && trait[0] === code;
  });
}

function codeOf(api: ServiceApi, { headers, body }: RawAnswer): string | undefined {
  switch (api.protocol.kind) {
    case 'json':
      return headers['content-type']?.startsWith('application/x-amz-json-1') ? typeIn(body) : undefined;
    case 'rest-json':
      return typeof messageIn(body) === 'string' ? headers['x-amzn-errortype'] : undefined;
    case 'query':
      return /^<ErrorResponse [^>]*><Error><Type>(?:Sender|Receiver)<\/Type><Code>([^<]+)<\/Code><Message>/.exec(
        body,
      )?.[1];
    case 'rest-xml':
      return /^<\?xml [^>]*\?>\n<Error><Code>([^<]+)<\/Code><Message>/.exec(body)?.[1];
  }
}

function typeIn(body: string): string | undefined {
  const { __type: type, message, Message } = JSON.parse(body) as Record<string, unknown>;
  if (typeof type !== 'string' || typeof (message ?? Message) !== 'string') return undefined;
  return type.split('#').at(-1);
}

function messageIn(body: string): unknown {
  const { message, Message } = JSON.parse(body) as Record<string, unknown>;
  return message ?? Message;
}
