import type { AwsError } from '../../errors.ts';
import type { ServiceApi, WireRequest, WireResponse } from '../service.ts';

/** An operation and its input as they were read from the wire; the input's required members are not checked yet. */
export interface DecodedRequest {
  readonly operation: string;
  readonly input: unknown;
}

/** One wire protocol, spoken from the server's side. */
export interface Protocol {
  /** @throws AwsError if the request is not one of the protocol's */
  decode(api: ServiceApi, request: WireRequest): DecodedRequest;
  /** `output` has passed the operation's schema. */
  encode(api: ServiceApi, operation: string, output: unknown, requestId: string): WireResponse;
  encodeError(api: ServiceApi, error: AwsError, requestId: string): WireResponse;
}
