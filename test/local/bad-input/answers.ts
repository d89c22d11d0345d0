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

/** What a service's errors come as; CloudWatch answers clients of other ages in theirs. */
function typesOf({ name, protocol }: ServiceApi): readonly string[] {
  const own = ownType[protocol.kind];
  return name === 'monitoring' ? [own, 'text/xml', 'application/cbor'] : [own];
}

const ownType: Readonly<Record<ServiceApi['protocol']['kind'], string>> = {
  json: 'application/x-amz-json-1',
  'rest-json': 'application/json',
  query: 'text/xml',
  'rest-xml': 'application/xml',
};

function codeOf(api: ServiceApi, { headers, body }: RawAnswer): string | undefined {
  switch (typesOf(api).find((type) => headers['content-type']?.startsWith(type))) {
    case ownType.json:
      return typeIn(body);
    case ownType['rest-json']:
      return typeof messageIn(body) === 'string' ? headers['x-amzn-errortype'] : undefined;
    case ownType.query:
      return /^<ErrorResponse [^>]*><Error><Type>(?:Sender|Receiver)<\/Type><Code>([^<]+)<\/Code><Message>/.exec(
        body,
      )?.[1];
    case ownType['rest-xml']:
      return /^<\?xml [^>]*\?>\n<Error><Code>([^<]+)<\/Code><Message>/.exec(body)?.[1];
    case 'application/cbor':
      return cborText(body, '__type')?.split('#').at(-1);
    default:
      return undefined;
  }
}

/** The text behind a key. In CBOR a text begins with 0x60 and its length, or with 0x78 and its length in a byte. */
function cborText(body: string, key: string): string | undefined {
  const at = body.indexOf(key) + key.length;
  const head = body.charCodeAt(at) - 0x60;
  const [start, length] = head < 24 ? [at + 1, head] : [at + 2, body.charCodeAt(at + 1)];
  return at < key.length ? undefined : body.slice(start, start + length);
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
