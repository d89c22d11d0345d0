import type { AwsError } from '../../errors.ts';
import type { NormalizedSchema } from '@smithy/core/schema';
import { checkValue } from '../schema/check-value.ts';
import { awsQueryError, modelledStatus, serviceSchemas } from '../schema/service-schemas.ts';
import type { ServiceApi } from '../service.ts';

/** An error ready for the wire. */
export interface WireError {
  /** The shape's name. */
  readonly code: string;
  /** The code that query-speaking clients know, with `Sender` or `Receiver`. */
  readonly queryCode: string;
  readonly fault: 'Sender' | 'Receiver';
  readonly status: number;
  readonly message: string;
  readonly schema: NormalizedSchema | undefined;
  /** The schema's members, the message among them if it has one. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** Joins what a handler threw with what the model says about the exception. */
export function wireError(api: ServiceApi, error: AwsError): WireError {
  const schema = serviceSchemas(api).errors.get(error.code);
  const query = schema && awsQueryError(schema);
  const modelled = query?.[1] ?? (schema && modelledStatus(schema));
  // 400 is what an error has when nobody named a status, so the model's word is better.
  const status = error.httpStatus === 400 ? (modelled ?? 400) : error.httpStatus;
  return {
    code: error.code,
    queryCode: query?.[0] ?? error.code,
    fault: status < 500 ? 'Sender' : 'Receiver',
    status,
    message: error.message,
    schema,
    members: schema ? membersOf(schema, error) : {},
  };
}

function membersOf(schema: NormalizedSchema, error: AwsError): Record<string, unknown> {
  const names = Object.keys(schema.getMemberSchemas());
  const messageName = names.find((name) => name.toLowerCase() === 'message');
  const given = messageName ? { [messageName]: error.message, ...error.members } : error.members;
  const { value } = checkValue(schema, given);
  // A structure comes back from the check as an object of its known members; one that does not fit is left out.
  return (value ?? {}) as Record<string, unknown>;
}
