import type { Comparator, Condition, Operand, PredicateName } from './condition.ts';
import type { DocumentPath } from './document-path.ts';
import type { AssignedValue, UpdateAction } from './update.ts';

/** A value of the request, as the parsers were given it. */
interface Placeholder {
  readonly placeholder: string;
}

/** A node of the trees that dynalite's parsers build. */
export interface DynaliteNode {
  readonly type: string;
  readonly name?: string;
  readonly args: readonly DynaliteOperand[];
}

type DynaliteOperand = readonly unknown[] | Placeholder | DynaliteNode;

/** An action of an update as dynalite's parser builds it. */
export interface DynaliteAction {
  readonly type: 'set' | 'remove' | 'add' | 'delete';
  readonly path: readonly unknown[];
  readonly val?: DynaliteOperand;
}

const comparators: ReadonlySet<string> = new Set<Comparator>(['=', '<>', '<', '<=', '>', '>=']);

/** Our tree of a condition. Parenthesized conditions come as `attribute_exists` of a finished tree. */
export function readCondition(node: DynaliteNode): Condition {
  const [first, second, third] = node.args;
  if (node.type === 'and' || node.type === 'or') {
    return { kind: node.type, left: readInner(first), right: readInner(second) };
  }
  if (node.type === 'not') return { kind: 'not', condition: readInner(first) };
  if (node.type === 'function') return readPredicate(node);
  if (node.type === 'in')
    return { kind: 'in', operand: readOperand(first), among: node.args.slice(1).map(readOperand) };
  if (node.type === 'between') {
    return { kind: 'between', operand: readOperand(first), low: readOperand(second), high: readOperand(third) };
  }
  if (!isComparator(node.type)) throw new Error(`unknown condition ${node.type}`);
  return { kind: 'compare', operator: node.type, left: readOperand(first), right: readOperand(second) };
}

function readInner(operand: DynaliteOperand | undefined): Condition {
  if (operand && 'type' in operand) return readCondition(operand);
  throw new Error('the parser put an operand where a condition belongs');
}

function readPredicate(node: DynaliteNode): Condition {
  const [argument] = node.args;
  if (Array.isArray(argument) && isCondition(argument[0])) return argument[0];
  // The parser refuses every other function's name, and size where a condition belongs.
  return { kind: 'predicate', name: node.name as PredicateName, operands: node.args.map(readOperand) };
}

function isCondition(element: unknown): element is Condition {
  return typeof element === 'object' && element !== null && 'kind' in element;
}

function readOperand(operand: DynaliteOperand | undefined): Operand {
  if (!operand) throw new Error('the parser left out an operand');
  if ('placeholder' in operand) return { kind: 'value', name: operand.placeholder };
  if ('type' in operand) return { kind: 'size', of: readOperand(operand.args[0]) };
  return { kind: 'path', path: readPath(operand) };
}

function isComparator(type: string): type is Comparator {
  return comparators.has(type);
}

/** Our tree of one action. */
export function readUpdateAction(action: DynaliteAction): UpdateAction {
  const path = readPath(action.path);
  if (action.type === 'remove') return { kind: 'remove', path };
  if (action.type === 'set') return { kind: 'set', path, value: readAssigned(action.val) };
  if (!action.val || !('placeholder' in action.val)) throw new Error(`${action.type} without a value`);
  return { kind: action.type, path, valueName: action.val.placeholder };
}

function readAssigned(value: DynaliteOperand | undefined): AssignedValue {
  if (!value) throw new Error('the parser left out a value');
  if ('placeholder' in value) return { kind: 'value', name: value.placeholder };
  if (!('type' in value)) return { kind: 'path', path: readPath(value) };
  const [left, right] = value.args;
  if (value.name === 'if_not_exists') {
    // The parser has refused everything but a path here.
    return { kind: 'if_not_exists', path: readPath(left), otherwise: readAssigned(right) };
  }
  const kind = value.name === 'list_append' ? value.name : value.type;
  if (kind !== 'list_append' && kind !== 'add' && kind !== 'subtract') throw new Error(`unknown function ${kind}`);
  return { kind, left: readAssigned(left), right: readAssigned(right) };
}

/** A path as the parsers build it: an attribute's name, then keys and indexes. */
export function readPath(path: unknown): DocumentPath {
  if (!Array.isArray(path) || typeof path[0] !== 'string') throw new Error('the parser built a path without a name');
  // The grammar allows nothing but names and indexes behind the first name.
  return path as unknown as DocumentPath;
}
