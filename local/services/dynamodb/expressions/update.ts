import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { setMembers, typeOf, type Attributes } from '../attribute-values.ts';
import { validationError } from '../errors.ts';
import { copyItem } from '../items.ts';
import { addNumbers } from '../numbers.ts';
import { valueAt, type DocumentPath } from './document-path.ts';
import { ListEdits } from './list-edits.ts';

/** What SET assigns. */
export type AssignedValue =
  | { readonly kind: 'path'; readonly path: DocumentPath }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'if_not_exists'; readonly path: DocumentPath; readonly otherwise: AssignedValue }
  | { readonly kind: 'list_append' | 'add' | 'subtract'; readonly left: AssignedValue; readonly right: AssignedValue };

/** One clause's action. ADD and DELETE name a value of the request. */
export type UpdateAction =
  | { readonly kind: 'set'; readonly path: DocumentPath; readonly value: AssignedValue }
  | { readonly kind: 'remove'; readonly path: DocumentPath }
  | { readonly kind: 'add' | 'delete'; readonly path: DocumentPath; readonly valueName: string };

/**
 * A changed copy of an item. Every action sees the item as it was before any of them, list indexes included.
 * @throws ValidationException when an operand or a path does not fit this item
 */
export function applyUpdate(actions: readonly UpdateAction[], item: Attributes, values: Attributes): Attributes {
  const changed = copyItem(item);
  const lists = new ListEdits();
  for (const action of actions) {
    const place = placeOf(changed, action.path);
    const value = newValue(action, item, values);
    if (value === undefined) place.remove(lists);
    else place.put(value, lists);
  }
  lists.apply();
  return changed;
}

/** The value after the action; undefined if there is none. */
function newValue(action: UpdateAction, item: Attributes, values: Attributes): AttributeValue | undefined {
  if (action.kind === 'remove') return undefined;
  if (action.kind === 'set') return ownCopy(assigned(action.value, item, values));
  const operand = named(values, action.valueName);
  const existing = valueAt(item, action.path);
  return action.kind === 'add' ? added(existing, operand) : withoutMembers(existing, operand);
}

function ownCopy(value: AttributeValue): AttributeValue {
  // A value assigned twice, or from the item itself, must not be shared between two places.
  return copyItem({ value })['value'] ?? value;
}

function assigned(value: AssignedValue, item: Attributes, values: Attributes): AttributeValue {
  switch (value.kind) {
    case 'path':
      return existingAt(item, value.path);
    case 'value':
      return named(values, value.name);
    case 'if_not_exists':
      return valueAt(item, value.path) ?? assigned(value.otherwise, item, values);
    default:
      return combined(value.kind, assigned(value.left, item, values), assigned(value.right, item, values));
  }
}

function combined(kind: 'list_append' | 'add' | 'subtract', left: AttributeValue, right: AttributeValue) {
  if (kind === 'list_append') {
    if (!left.L || !right.L) throw incorrectOperand();
    return { L: [...left.L, ...right.L] };
  }
  if (left.N === undefined || right.N === undefined) throw incorrectOperand();
  return { N: addNumbers(left.N, right.N, kind === 'add' ? 1 : -1) };
}

function added(existing: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (!existing) return ownCopy(operand);
  if (typeOf(existing) !== typeOf(operand)) throw incorrectOperand();
  if (existing.N !== undefined && operand.N !== undefined) return { N: addNumbers(existing.N, operand.N) };
  const known = new Set(setMembers(existing));
  const isNew = (_: unknown, i: number): boolean => !known.has(setMembers(operand)?.[i] ?? '');
  if (existing.SS && operand.SS) return { SS: [...existing.SS, ...operand.SS.filter(isNew)] };
  if (existing.NS && operand.NS) return { NS: [...existing.NS, ...operand.NS.filter(isNew)] };
  if (existing.BS && operand.BS) return { BS: [...existing.BS, ...operand.BS.filter(isNew)] };
  throw incorrectOperand();
}

/** A set without some of its members; nothing at all if none is left, for there are no empty sets. */
function withoutMembers(existing: AttributeValue | undefined, operand: AttributeValue): AttributeValue | undefined {
  if (!existing) return undefined;
  if (typeOf(existing) !== typeOf(operand)) throw incorrectOperand();
  const unwanted = new Set(setMembers(operand));
  const texts = setMembers(existing) ?? [];
  const stays = (_: unknown, i: number): boolean => !unwanted.has(texts[i] ?? '');
  if (!texts.some((_, i) => stays(_, i))) return undefined;
  if (existing.SS) return { SS: existing.SS.filter(stays) };
  if (existing.NS) return { NS: existing.NS.filter(stays) };
  return { BS: (existing.BS ?? []).filter(stays) };
}

function existingAt(item: Attributes, path: DocumentPath): AttributeValue {
  const value = valueAt(item, path);
  if (value) return value;
  throw validationError('The provided expression refers to an attribute that does not exist in the item');
}

function named(values: Attributes, name: string): AttributeValue {
  const value = values[name];
  if (!value) throw new Error(`the parser let the undefined value ${name} pass`);
  return value;
}

/** A place in an item: where a value can be put or removed. */
interface Place {
  put(value: AttributeValue, lists: ListEdits): void;
  remove(lists: ListEdits): void;
}

function placeOf(item: Attributes, path: DocumentPath): Place {
  const last = path.at(-1);
  const [head, ...rest] = path;
  if (rest.length === 0) return placeInMap(item, head);
  const parent = valueAt(item, [head, ...rest.slice(0, -1)]);
  if (typeof last === 'string' && parent?.M) return placeInMap(parent.M, last);
  if (typeof last === 'number' && parent?.L) return placeInList(parent.L, last);
  throw validationError('The document path provided in the update expression is invalid for update');
}

function placeInMap(map: Attributes, name: string): Place {
  return {
    put: (value) => void (map[name] = value),
    remove: () => void delete map[name],
  };
}

function placeInList(list: AttributeValue[], index: number): Place {
  return {
    put: (value, lists) => lists.put(list, index, value),
    remove: (lists) => lists.remove(list, index),
  };
}

function incorrectOperand(): Error {
  return validationError('An operand in the update expression has an incorrect data type');
}
