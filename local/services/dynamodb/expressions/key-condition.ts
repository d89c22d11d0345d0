import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attributes } from '../attribute-values.ts';
import { validationError } from '../errors.ts';
import type { KeyAttribute, KeySchema } from '../table.ts';
import type { Comparator, Condition, Operand } from './condition.ts';

/** One comparison of a key attribute; BETWEEN has two values. */
export interface KeyComparison {
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'between' | 'begins_with';
  readonly values: readonly AttributeValue[];
}

/** What a query asks for: one partition, and perhaps a range of it. */
export interface KeyCondition {
  readonly partition: AttributeValue;
  readonly sort?: KeyComparison;
}

const mirrored: Readonly<Record<Comparator, Comparator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/**
 * Reads a condition as a key condition of a table or an index.
 * @throws ValidationException if it is more, less or other than one
 */
export function readKeyCondition(condition: Condition, values: Attributes, key: KeySchema): KeyCondition {
  const comparisons = new Map<string, KeyComparison>();
  collect(condition, values, comparisons);
  if (comparisons.size > 2) throw validationError('Conditions can be of length 1 or 2 only');
  if (!key.sort && comparisons.size > 1) throw validationError('Query key condition not supported');
  const partition = comparisons.get(key.partition.name);
  if (!partition) throw validationError(`Query condition missed key schema element: ${key.partition.name}`);
  checkKeyValues(partition, key.partition);
  if (partition.operator !== '=') throw validationError('Query key condition not supported');
  const [value] = partition.values;
  if (!value) throw new Error('a comparison has a value');
  if (comparisons.size === 1) return { partition: value };
  const sort = key.sort && comparisons.get(key.sort.name);
  if (!key.sort || !sort) throw validationError(`Query condition missed key schema element: ${key.sort?.name}`);
  checkKeyValues(sort, key.sort);
  return { partition: value, sort };
}

function checkKeyValues(comparison: KeyComparison, { name, type }: KeyAttribute): void {
  if (comparison.values.some((value) => value[type] === undefined)) {
    throw validationError(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  }
  if (comparison.values.every((value) => value[type]?.length !== 0)) return;
  throw validationError(
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ' +
      `${type === 'B' ? 'binary' : 'string'} value. Key: ${name}`,
  );
}

function collect(condition: Condition, values: Attributes, into: Map<string, KeyComparison>): void {
  if (condition.kind === 'and') {
    collect(condition.left, values, into);
    collect(condition.right, values, into);
    return;
  }
  const { operator, operands } = comparisonOf(condition);
  const { name, position } = keyAttribute(operands);
  if (position > 0 && (operator === 'between' || operator === 'begins_with')) {
    const shown = operator === 'between' ? 'BETWEEN' : operator;
    throw validationError(
      `Invalid condition in KeyConditionExpression: ${shown} operator must have the key attribute as its first operand`,
    );
  }
  if (into.has(name)) throw validationError('KeyConditionExpressions must only contain one condition per key');
  into.set(name, {
    operator: position > 0 ? mirroredOperator(operator) : operator,
    values: operands.flatMap((operand) => (operand.kind === 'value' ? [valueOf(operand.name, values)] : [])),
  });
}

function comparisonOf(condition: Condition): { operator: KeyComparison['operator']; operands: readonly Operand[] } {
  if (condition.kind === 'between') {
    return { operator: 'between', operands: [condition.operand, condition.low, condition.high] };
  }
  if (condition.kind === 'compare' && condition.operator !== '<>') {
    return { operator: condition.operator, operands: [condition.left, condition.right] };
  }
  if (condition.kind === 'predicate' && condition.name === 'begins_with') {
    return { operator: 'begins_with', operands: condition.operands };
  }
  throw validationError(`Invalid operator used in KeyConditionExpression: ${operatorText(condition)}`);
}

function operatorText(condition: Condition): string {
  if (condition.kind === 'compare') return condition.operator;
  return condition.kind === 'predicate' ? condition.name : condition.kind.toUpperCase();
}

/** The one attribute of a comparison and where it stands. */
function keyAttribute(operands: readonly Operand[]): { name: string; position: number } {
  let found: { name: string; position: number } | undefined;
  for (const [position, operand] of operands.entries()) {
    if (operand.kind === 'size') throw validationError('KeyConditionExpressions cannot contain nested operations');
    if (operand.kind !== 'path') continue;
    if (found)
      throw validationError(
        'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
      );
    if (operand.path.length > 1)
      throw validationError('KeyConditionExpressions cannot have conditions on nested attributes');
    found = { name: operand.path[0], position };
  }
  if (!found) throw validationError('Invalid condition in KeyConditionExpression: No key attribute specified');
  return found;
}

function mirroredOperator(operator: KeyComparison['operator']): KeyComparison['operator'] {
  if (operator === 'between' || operator === 'begins_with') return operator;
  const turned = mirrored[operator];
  if (turned === '<>') throw new Error('<> has been refused before');
  return turned;
}

function valueOf(name: string, values: Attributes): AttributeValue {
  const value = values[name];
  if (!value) throw new Error(`the parser let the undefined value ${name} pass`);
  return value;
}
