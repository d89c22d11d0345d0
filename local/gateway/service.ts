import type { Principal } from './principal.ts';

/** What a handler knows of the call beside its input. */
export interface Call {
  readonly principal: Principal;
  readonly requestId: string;
}

type MaybePromise<T> = T | Promise<T>;

/** The methods of an SDK's aggregated client carry (input, options, callback): its last overload tells both types. */
type Handler<Method> = Method extends (
  input: infer Input,
  options: infer _Options,
  callback: (error: infer _Error, data?: infer Output) => void,
) => void
  ? (input: Input, call: Call) => MaybePromise<Omit<NonNullable<Output>, '$metadata'>>
  : never;

type OperationKeys<Client> = {
  [Key in keyof Client]: Handler<Client[Key]> extends never ? never : Key;
}[keyof Client];

/**
 * The operations of a service as handlers, typed by the SDK's aggregated client (`Operations<CodePipeline>`): named as
 * in the API (`GetPipelineState`), input and output as in the SDK. What is left out answers `not supported locally`.
 * A handler gets an input that has passed the schema (required members, types); lengths, patterns and ranges are its own.
 * It throws `AwsError` for the documented errors. Streams (S3 bodies, Lambda payloads) are `Uint8Array` both ways.
 */
export type Operations<Client> = {
  [Key in OperationKeys<Client> as Capitalize<Key & string>]?: Handler<Client[Key]>;
};

/** A service as the gateway sees it. */
export interface ServiceApi {
  /** The signing name in the credential scope: `codepipeline`, `states`, `events`, `s3`, `dynamodb`, … */
  readonly name: string;
  /** The SDK client's module (`import * as schemas from '@aws-sdk/client-…'`): its `…$` exports are the schemas. */
  readonly schemas: object;
  readonly protocol: WireProtocol;
  /** What clients of other ages speak to the service: each request says which it is. */
  readonly otherProtocols?: readonly OtherProtocol[];
  readonly operations: Readonly<Record<string, ((input: never, call: Call) => unknown) | undefined>>;
}

/**
 * `json`: awsJson 1.0 or 1.1 by X-Amz-Target; `query`: form body with Action; `rest-json` and `rest-xml`: by the
 * operations' method and path.
 */
export type WireProtocol =
  | { kind: 'json'; version: '1.0' | '1.1' }
  | { kind: 'query'; xmlNamespace: string }
  | { kind: 'rest-json' }
  | { kind: 'rest-xml'; xmlNamespace: string };

/** A protocol beside a service's first one: an AWS CLI or boto3 speaks `query` to CloudWatch, a newer one `rpc-v2-cbor`. */
export type OtherProtocol = { kind: 'query'; xmlNamespace: string } | { kind: 'rpc-v2-cbor' };

/** Names a service and its handlers, with the handlers checked against the SDK's types. */
export function defineService<Client>(api: {
  name: string;
  schemas: object;
  protocol: WireProtocol;
  otherProtocols?: readonly OtherProtocol[];
  operations: Operations<Client>;
}): ServiceApi {
  // Handlers are contravariant in their input; the gateway only passes what the operation's own schema has accepted.
  return api as ServiceApi;
}

/** A call as every caller makes it; HTTP is one of them. */
export interface ApiRequest {
  readonly service: string;
  readonly operation: string;
  /** SDK spelling of members (`{ name: 'checkout' }`). */
  readonly input: unknown;
}

/** The one door to all services: validates against the schema, records the principal, calls the handler. */
export interface Gateway {
  /**
   * Answers one call.
   * @throws AwsError as the service documents it, or `NotImplemented` for what is not supported locally
   */
  handle(request: ApiRequest, principal: Principal): Promise<unknown>;
  /** The service's schemas, for callers that translate spellings (Step Functions' `aws-sdk:` integrations). */
  describe(service: string): ServiceApi | undefined;
}

/** A request as it came over HTTP. Header names are lower-case; `path` is raw (still encoded), without the query. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** The raw query string without `?`, empty if none. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly sourceIp: string;
}

/** An answer on its way to HTTP. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | string;
}

/** Serves unsigned requests below a path prefix (`/_api/`, `/_site/`). */
export interface UnsignedRoute {
  readonly prefix: string;
  serve(request: WireRequest): Promise<WireResponse>;
}
