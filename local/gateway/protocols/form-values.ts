import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import { readText } from './text-values.ts';

/** Dotted form keys as a tree: `Tags.member.1.Key=a` is Tags, member, 1, Key. */
export interface FormNode {
  text: string | undefined;
  readonly children: Map<string, FormNode>;
}

const maxDepth = 30;

/**
 * Makes a tree of a form's keys.
 * @throws AwsError MalformedQueryString for keys nested deeper than any API's
 */
export function formTree(form: URLSearchParams): FormNode {
  const root = emptyNode();
  for (const [key, value] of form) {
    const parts = key.split('.');
    if (parts.length > maxDepth) throw new AwsError('MalformedQueryString', `A key has more than ${maxDepth} parts`);
    let node = root;
    for (const part of parts) node = childOf(node, part);
    node.text = value;
  }
  return root;
}

function emptyNode(): FormNode {
  return { text: undefined, children: new Map() };
}

function childOf(node: FormNode, name: string): FormNode {
  const found = node.children.get(name);
  if (found) return found;
  const made = emptyNode();
  node.children.set(name, made);
  return made;
}

/** Reads a tree as the schema's value; what does not read stays text, for the schema check to name. */
export function readForm(schema: NormalizedSchema, node: FormNode): unknown {
  if (schema.isUnitSchema()) return {};
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return node.text === undefined ? {} : readText(schema, node.text, 'date-time');
}

function readStructure(schema: NormalizedSchema, node: FormNode): unknown {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(String(member.getMergedTraits().xmlName ?? name));
    if (child) result[name] = readForm(member, child);
  }
  return result;
}

function readList(schema: NormalizedSchema, node: FormNode): unknown {
  // An empty list is written as a key without a value.
  if (node.children.size === 0) return node.text ? node.text : [];
  const member = schema.getValueSchema();
  const isFlat = Boolean(schema.getMergedTraits().xmlFlattened);
  const holder = isFlat ? node : node.children.get(String(member.getMergedTraits().xmlName ?? 'member'));
  return inOrder(holder ?? node).map((item) => readForm(member, item));
}

function readMap(schema: NormalizedSchema, node: FormNode): unknown {
  const isFlat = Boolean(schema.getMergedTraits().xmlFlattened);
  const holder = isFlat ? node : node.children.get('entry');
  const keyName = String(schema.getKeySchema().getMergedTraits().xmlName ?? 'key');
  const valueName = String(schema.getValueSchema().getMergedTraits().xmlName ?? 'value');
  const entries = holder ? inOrder(holder) : [];
  return Object.fromEntries(
    entries.map((entry) => {
      const value = entry.children.get(valueName);
      return [entry.children.get(keyName)?.text ?? '', value ? readForm(schema.getValueSchema(), value) : null];
    }),
  );
}

function inOrder(node: FormNode): FormNode[] {
  return [...node.children]
    .filter(([name]) => /^\d+$/.test(name))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child);
}
