import type { ServiceApi, WireProtocol } from '../service.ts';
import { jsonProtocol } from './json.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query.ts';
import { restJsonProtocol } from './rest-json.ts';
import { restXmlProtocol } from './rest-xml.ts';

const protocols: Readonly<Record<WireProtocol['kind'], Protocol>> = {
  json: jsonProtocol,
  query: queryProtocol,
  'rest-json': restJsonProtocol,
  'rest-xml': restXmlProtocol,
};

/** The protocol that a service speaks. */
export function protocolOf(api: ServiceApi): Protocol {
  return protocols[api.protocol.kind];
}
