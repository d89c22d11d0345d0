import { XmlCodec } from '@aws-sdk/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';

/**
 * Reads an XML document as the schema's structure.
 * @throws Error if it is not XML, or its root is not what the schema names
 */
export function readXml(schema: NormalizedSchema, body: Uint8Array): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  const root = /^\uFEFF?\s*(?:<\?[^>]*\?>\s*|<!--[^]*?-->\s*)*<([\w.:-]+)/.exec(text)?.[1];
  const expected = rootName(schema);
  if (root !== expected) throw new Error(`the document must be <${expected}>`);
  return codec(undefined).createDeserializer().read(schema, body);
}

/** Writes a structure that has passed its schema as an element, without the XML declaration. */
export function writeXml(schema: NormalizedSchema, value: unknown, xmlNamespace?: string): string {
  const serializer = codec(xmlNamespace).createSerializer();
  serializer.write(schema, value);
  return String(serializer.flush());
}

function codec(xmlNamespace: string | undefined): XmlCodec {
  return new XmlCodec({
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: true,
    // An empty namespace adds no attribute.
    xmlNamespace: xmlNamespace ?? '',
    serviceNamespace: '',
  });
}

/** The element that a structure is written as. */
export function rootName(schema: NormalizedSchema): string {
  return String(schema.getMergedTraits().xmlName ?? schema.getName());
}

/** Text inside an element. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\uFFFF]/g, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
