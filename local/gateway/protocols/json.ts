import { AwsError } from '../../errors.ts';
import { serviceSchemas } from '../schema/service-schemas.ts';
import type { ServiceApi, WireResponse } from '../service.ts';
import { wireError, type WireError } from './error-members.ts';
import { readJson, writeJson } from './json-values.ts';
import type { Protocol } from './protocol.ts';

const options = { usesJsonNames: false };

/** AWS JSON 1.0 and 1.1: the operation in `X-Amz-Target`, the input as the body. */
export const jsonProtocol: Protocol = {
  decode(api, request) {
    const name = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
    const operation = serviceSchemas(api).operations.get(name);
    if (!operation)
      throw new AwsError('UnknownOperationException', `${api.name} has no operation '${name.slice(0, 100)}'`);
    return { operation: operation.name, input: readJson(operation.input, request.body, options) };
  },

  encode(api, operation, output) {
    const schema = serviceSchemas(api).operations.get(operation)?.output;
    return { status: 200, headers: headersOf(api), body: schema ? writeJson(schema, output, options) : '{}' };
  },

  encodeError(api, error): WireResponse {
    const wire = wireError(api, error);
    const headers = serviceSchemas(api).isQueryCompatible
      ? { ...headersOf(api), 'x-amzn-query-error': `${wire.queryCode};${wire.fault}` }
      : headersOf(api);
    return { status: wire.status, headers, body: bodyOf(wire) };
  },
};

function headersOf(api: ServiceApi): Record<string, string> {
  const version = api.protocol.kind === 'json' ? api.protocol.version : '1.1';
  return { 'content-type': `application/x-amz-json-${version}` };
}

function bodyOf(wire: WireError): string {
  const type = wire.schema?.getName(true) ?? wire.code;
  const members = wire.schema ? writeJson(wire.schema, wire.members, options) : '{}';
  // What the serializer wrote is the JSON object of a structure.
  return JSON.stringify({ __type: type, message: wire.message, ...(JSON.parse(members) as object) });
}
