import { cbor, CborCodec } from '@smithy/core/cbor';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import { serviceSchemas } from '../schema/service-schemas.ts';
import type { WireResponse } from '../service.ts';
import { wireError } from './error-members.ts';
import type { Protocol } from './protocol.ts';

const codec = new CborCodec();
const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

/** Smithy RPC v2 in CBOR: the operation in the path, `/service/<name>/operation/<operation>`, the input as the body. */
export const rpcV2CborProtocol: Protocol = {
  decode(api, request) {
    const name = /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(request.path)?.[1] ?? '';
    const operation = serviceSchemas(api).operations.get(name);
    if (!operation) {
      throw new AwsError('UnknownOperationException', `${api.name} has no operation '${name.slice(0, 100)}'`);
    }
    if (request.body.length === 0) return { operation: operation.name, input: {} };
    return { operation: operation.name, input: read(operation.input, request.body) };
  },

  encode(api, name, output) {
    const schema = serviceSchemas(api).operations.get(name)?.output;
    if (!schema || schema.isUnitSchema()) return { status: 200, headers, body: cbor.serialize({}) };
    const serializer = codec.createSerializer();
    serializer.write(schema, output);
    return { status: 200, headers, body: serializer.flush() };
  },

  encodeError(api, error): WireResponse {
    const wire = wireError(api, error);
    const { isQueryCompatible } = serviceSchemas(api);
    return {
      status: wire.status,
      headers: isQueryCompatible ? { ...headers, 'x-amzn-query-error': `${wire.queryCode};${wire.fault}` } : headers,
      body: cbor.serialize({ ...wire.members, __type: wire.schema?.getName(true) ?? wire.code, message: wire.message }),
    };
  },
};

/** In CBOR a map has 5 in the first three bits. */
const mapType = 5;

function read(schema: NormalizedSchema, body: Uint8Array): unknown {
  try {
    if ((body[0] ?? 0) >> 5 === mapType) return codec.createDeserializer().read(schema, body);
  } catch {
    // Said below.
  }
  throw new AwsError('SerializationException', 'The body is not a map in CBOR that fits the operation');
}
