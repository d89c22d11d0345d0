import { serviceSchemas } from '../schema/service-schemas.ts';
import type { WireResponse } from '../service.ts';
import { wireError } from './error-members.ts';
import { readJson, writeJson } from './json-values.ts';
import type { Protocol } from './protocol.ts';
import { readBindings, writeBindings, type BodyFormat } from './rest-bindings.ts';
import { findRoute } from './rest-routes.ts';

const options = { usesJsonNames: true };

const json: BodyFormat = {
  contentType: 'application/json',
  bodyTimestamps: 'epoch-seconds',
  read: (schema, body) => readJson(schema, body, options),
  write: (schema, value) => writeJson(schema, value, options),
};

/** REST with JSON bodies: the operation by method and path, members in labels, query, headers and body. */
export const restJsonProtocol: Protocol = {
  decode(api, request) {
    const { operation, labels } = findRoute(api, request);
    return { operation: operation.name, input: readBindings(operation, labels, request, json) };
  },

  encode(api, name, output): WireResponse {
    const operation = serviceSchemas(api).operations.get(name);
    if (!operation) throw new Error(`${api.name} has no operation ${name}`);
    return writeBindings(operation.output, output, operation.http?.[2] ?? 200, json);
  },

  encodeError(api, error): WireResponse {
    const wire = wireError(api, error);
    const headers: Record<string, string> = { 'content-type': json.contentType, 'x-amzn-errortype': wire.code };
    if (!wire.schema) return { status: wire.status, headers, body: JSON.stringify({ message: wire.message }) };
    const bound = writeBindings(wire.schema, wire.members, wire.status, json);
    // What the serializer wrote is the JSON object of a structure.
    const members = JSON.parse(Buffer.from(bound.body).toString() || '{}') as object;
    return {
      status: wire.status,
      headers: { ...bound.headers, ...headers },
      body: JSON.stringify({ message: wire.message, ...members }),
    };
  },
};
