import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import { serviceSchemas } from '../schema/service-schemas.ts';
import type { ServiceApi, WireResponse } from '../service.ts';
import { wireError } from './error-members.ts';
import { formTree, readForm } from './form-values.ts';
import type { Protocol } from './protocol.ts';
import { renamedStructure } from './synthetic-structure.ts';
import { escapeXml, writeXml } from './xml-values.ts';

const contentType = 'text/xml';

/** AWS Query: a form with `Action`, answered in XML. */
export const queryProtocol: Protocol = {
  decode(api, request) {
    const text = request.method === 'GET' ? request.query : Buffer.from(request.body).toString();
    const form = new URLSearchParams(text);
    const name = form.get('Action') ?? '';
    if (name === '') throw new AwsError('MissingAction', 'The request must contain the parameter Action');
    const operation = serviceSchemas(api).operations.get(name);
    if (!operation) throw new AwsError('InvalidAction', `${api.name} has no operation '${name.slice(0, 100)}'`);
    return { operation: operation.name, input: readForm(operation.input, formTree(form)) };
  },

  encode(api, name, output, requestId): WireResponse {
    const operation = serviceSchemas(api).operations.get(name);
    if (!operation) throw new Error(`${api.name} has no operation ${name}`);
    const result = resultOf(operation.output, name, output);
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    const body = `<${name}Response xmlns="${namespaceOf(api)}">${result}${metadata}</${name}Response>`;
    return { status: 200, headers: { 'content-type': contentType }, body };
  },

  encodeError(api, error, requestId): WireResponse {
    const wire = wireError(api, error);
    const members = Object.entries(wire.members)
      .filter(([name, value]) => name.toLowerCase() !== 'message' && typeof value !== 'object')
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
    const inside = `<Type>${wire.fault}</Type><Code>${escapeXml(wire.queryCode)}</Code><Message>${escapeXml(wire.message)}</Message>${members.join('')}`;
    const body = `<ErrorResponse xmlns="${namespaceOf(api)}"><Error>${inside}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: wire.status, headers: { 'content-type': contentType }, body };
  },
};

function resultOf(output: NormalizedSchema, name: string, value: unknown): string {
  return output.isUnitSchema() ? '' : writeXml(renamedStructure(output, `${name}Result`), value);
}

function namespaceOf(api: ServiceApi): string {
  const spoken = [api.protocol, ...(api.otherProtocols ?? [])].find(({ kind }) => kind === 'query');
  return spoken?.kind === 'query' ? spoken.xmlNamespace : '';
}
