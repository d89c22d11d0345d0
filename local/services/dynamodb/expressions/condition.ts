import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { areEqual, compareValues, setMembers, typeOf, type Attributes, base64 } from '../attribute-values.ts';
import { valueAt, type DocumentPath } from './document-path.ts';

/** What a condition compares: an attribute, a value of the request by its name, or a size. */
export type Operand =
  | { readonly kind: 'path'; readonly path: DocumentPath }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'size'; readonly of: Operand };

/** The comparison operators. */
export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** The functions that are conditions. */
export type PredicateName = 'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains';

/** A condition that is not made of others. */
export type ConditionLeaf =
  | { readonly kind: 'compare'; readonly operator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly among: readonly Operand[] }
  | { readonly kind: 'predicate'; readonly name: PredicateName; readonly operands: readonly Operand[] };

/** A condition, filter or key condition as a tree; values are named, so one tree serves every request with its text. */
export type Condition =
  | ConditionLeaf
  | { readonly kind: 'and'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition };

/** Whether an item meets a condition. `values` holds the request's values by their `:names`. */
export function meets(condition: Condition, item: Attributes, values: Attributes): boolean {
  const resolve = (operand: Operand | undefined): AttributeValue | undefined =>
    operand && resolveOperand(operand, item, values);
  switch (condition.kind) {
    case 'and':
      return meets(condition.left, item, values) && meets(condition.right, item, values);
    case 'or':
      return meets(condition.left, item, values) || meets(condition.right, item, values);
    case 'not':
      return !meets(condition.condition, item, values);
    case 'compare':
      return compares(condition.operator, resolve(condition.left), resolve(condition.right));
    case 'between':
      return (
        compares('>=', resolve(condition.operand), resolve(condition.low)) &&
        compares('<=', resolve(condition.operand), resolve(condition.high))
      );
    case 'in':
      return condition.among.some((candidate) => compares('=', resolve(condition.operand), resolve(candidate)));
    case 'predicate':
      return holds(condition.name, resolve(condition.operands[0]), resolve(condition.operands[1]));
  }
}

function resolveOperand(operand: Operand, item: Attributes, values: Attributes): AttributeValue | undefined {
  if (operand.kind === 'path') return valueAt(item, operand.path);
  if (operand.kind === 'value') return values[operand.name];
  const measured = resolveOperand(operand.of, item, values);
  const size = measured && sizeOf(measured);
  return size === undefined ? undefined : { N: String(size) };
}

/** What `size()` gives: length, byte count or element count; nothing for a number, a boolean or null. */
function sizeOf(value: AttributeValue): number | undefined {
  const counted = value.S ?? value.B ?? value.SS ?? value.NS ?? value.BS ?? value.L;
  return counted ? counted.length : value.M && Object.keys(value.M).length;
}

/** A missing operand equals nothing, so it is unequal to everything; it has no order. */
function compares(operator: Comparator, left: AttributeValue | undefined, right: AttributeValue | undefined): boolean {
  if (!left || !right) return operator === '<>';
  if (operator === '=') return areEqual(left, right);
  if (operator === '<>') return !areEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  return operator === '>' ? order > 0 : order >= 0;
}

function holds(name: PredicateName, subject: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (name === 'attribute_not_exists') return subject === undefined;
  if (subject === undefined) return false;
  if (name === 'attribute_exists') return true;
  if (other === undefined) return false;
  if (name === 'attribute_type') return typeOf(subject) === other.S;
  return name === 'begins_with' ? beginsWith(subject, other) : contains(subject, other);
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined && prefix.S !== undefined) return value.S.startsWith(prefix.S);
  if (value.B === undefined || prefix.B === undefined) return false;
  return Buffer.compare(value.B.subarray(0, prefix.B.length), prefix.B) === 0;
}

/** A substring, a run of bytes, a member of a set of the operand's type, or an element of a list. */
function contains(value: AttributeValue, sought: AttributeValue): boolean {
  if (value.L !== undefined) return value.L.some((element) => areEqual(element, sought));
  if (value.S !== undefined) return sought.S !== undefined && value.S.includes(sought.S);
  if (value.B !== undefined) return sought.B !== undefined && Buffer.from(value.B).includes(Buffer.from(sought.B));
  const member = memberText(value, sought);
  return member !== undefined && setMembers(value)?.includes(member) === true;
}

function memberText(set: AttributeValue, sought: AttributeValue): string | undefined {
  if (set.SS) return sought.S;
  if (set.NS) return sought.N;
  return set.BS && sought.B && base64(sought.B);
}

/** Every condition in a condition that is not made of others. */
export function* leavesOf(condition: Condition): Iterable<ConditionLeaf> {
  if (condition.kind === 'and' || condition.kind === 'or') {
    yield* leavesOf(condition.left);
    yield* leavesOf(condition.right);
  } else if (condition.kind === 'not') {
    yield* leavesOf(condition.condition);
  } else {
    yield condition;
  }
}

/** The operands of one such condition. */
export function operandsOf(leaf: ConditionLeaf): readonly Operand[] {
  switch (leaf.kind) {
    case 'compare':
      return [leaf.left, leaf.right];
    case 'between':
      return [leaf.operand, leaf.low, leaf.high];
    case 'in':
      return [leaf.operand, ...leaf.among];
    case 'predicate':
      return leaf.operands;
  }
}

/** Every document path that a condition reads. */
export function pathsOf(condition: Condition): DocumentPath[] {
  const paths: DocumentPath[] = [];
  for (const leaf of leavesOf(condition)) {
    for (const operand of operandsOf(leaf)) {
      const inner = operand.kind === 'size' ? operand.of : operand;
      if (inner.kind === 'path') paths.push(inner.path);
    }
  }
  return paths;
}
