import type { OtherProtocol, ServiceApi, WireProtocol, WireRequest } from '../service.ts';
import { jsonProtocol } from './json.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query.ts';
import { restJsonProtocol } from './rest-json.ts';
import { restXmlProtocol } from './rest-xml.ts';
import { rpcV2CborProtocol } from './rpc-v2-cbor.ts';

const protocols: Readonly<Record<WireProtocol['kind'], Protocol>> = {
  json: jsonProtocol,
  query: queryProtocol,
  'rest-json': restJsonProtocol,
  'rest-xml': restXmlProtocol,
};

const others: Readonly<Record<OtherProtocol['kind'], Protocol>> = {
  query: queryProtocol,
  'rpc-v2-cbor': rpcV2CborProtocol,
};

/** The protocol in which a request speaks to a service: the service's own, or another one that it also understands. */
export function protocolOf(api: ServiceApi, request: WireRequest): Protocol {
  const other = api.otherProtocols?.find(({ kind }) => isSpoken[kind](request));
  return other ? others[other.kind] : protocols[api.protocol.kind];
}

const isSpoken: Readonly<Record<OtherProtocol['kind'], (request: WireRequest) => boolean>> = {
  query: ({ headers }) => headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false,
  'rpc-v2-cbor': ({ headers }) => headers['smithy-protocol'] === 'rpc-v2-cbor',
};
