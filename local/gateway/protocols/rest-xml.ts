import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import { serviceSchemas } from '../schema/service-schemas.ts';
import type { ServiceApi, WireResponse } from '../service.ts';
import { wireError } from './error-members.ts';
import type { Protocol } from './protocol.ts';
import { readBindings, writeBindings, type BodyFormat } from './rest-bindings.ts';
import { findRoute } from './rest-routes.ts';
import { escapeXml, readXml, rootName, writeXml } from './xml-values.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** REST with XML bodies, as S3 speaks it (addressed by path). */
export const restXmlProtocol: Protocol = {
  decode(api, request) {
    const { operation, labels } = findRoute(api, request);
    return { operation: operation.name, input: readBindings(operation, labels, request, xml(api)) };
  },

  encode(api, name, output): WireResponse {
    const operation = serviceSchemas(api).operations.get(name);
    if (!operation) throw new Error(`${api.name} has no operation ${name}`);
    const response = writeBindings(operation.output, output, operation.http?.[2] ?? 200, xml(api));
    // Neither the schema nor the handler says that a part of an object is a 206; its content-range does.
    return response.headers['content-range'] === undefined ? response : { ...response, status: 206 };
  },

  encodeError(api, error, requestId): WireResponse {
    const wire = wireError(api, error);
    const headers = { 'content-type': 'application/xml' };
    if (wire.status === 304) return { status: 304, headers: {}, body: '' };
    const members = Object.entries({ ...wire.members, ...error.members })
      .filter(([name, value]) => name.toLowerCase() !== 'message' && typeof value !== 'object')
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
    const body = `${declaration}<Error><Code>${escapeXml(wire.code)}</Code><Message>${escapeXml(wire.message)}</Message>${members.join('')}<RequestId>${requestId}</RequestId></Error>`;
    return { status: wire.status, headers, body };
  },
};

function xml(api: ServiceApi): BodyFormat {
  const namespace = api.protocol.kind === 'rest-xml' ? api.protocol.xmlNamespace : '';
  return {
    contentType: 'application/xml',
    bodyTimestamps: 'date-time',
    read: readBody,
    write: (schema, value) => declaration + writeBody(schema, value, namespace),
  };
}

function readBody(schema: NormalizedSchema, body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return readXml(schema, body);
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    throw new AwsError(
      'MalformedXML',
      `The XML you provided was not well-formed or did not validate against our published schema${why}`,
    );
  }
}

/** An output that is its only member (`<LocationConstraint>eu-west-1</LocationConstraint>`) has no element inside. */
function writeBody(schema: NormalizedSchema, value: unknown, namespace: string): string {
  const names = Object.keys(schema.getMemberSchemas());
  const [only = ''] = names;
  if (names.length !== 1 || only !== rootName(schema)) return writeXml(schema, value, namespace);
  // An output that has passed its schema is an object of its members.
  const text = (value as Readonly<Record<string, unknown>>)[only];
  return `<${only} xmlns="${namespace}">${escapeXml(text === undefined ? '' : String(text))}</${only}>`;
}
