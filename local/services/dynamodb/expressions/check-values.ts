import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { attributeTypes, compareValues, typeOf, valueText, type Attributes } from '../attribute-values.ts';
import { leavesOf, operandsOf, type Condition, type ConditionLeaf, type Operand } from './condition.ts';
import { ExpressionProblem } from './parse.ts';

const maxAmongCount = 100;
const orderedTypes: ReadonlySet<string> = new Set(['S', 'N', 'B']);

/**
 * Checks what depends on the values of the request: types that have an order, bounds of BETWEEN, names of types.
 * @throws ExpressionProblem
 */
export function checkValues(condition: Condition, values: Attributes): void {
  for (const leaf of leavesOf(condition)) {
    if (leaf.kind === 'compare' && leaf.operator !== '=' && leaf.operator !== '<>') {
      checkOrdered(leaf.operator, leaf, values);
    } else if (leaf.kind === 'in' && leaf.among.length > maxAmongCount) {
      throw new ExpressionProblem(
        `The IN operator is provided with too many operands; number of operands: ${leaf.among.length}`,
      );
    } else if (leaf.kind === 'between') {
      checkOrdered('BETWEEN', leaf, values);
      checkBounds(literal(leaf.low, values), literal(leaf.high, values));
    } else if (leaf.kind === 'predicate' && leaf.name === 'attribute_type') {
      checkTypeName(literal(leaf.operands[1], values)?.S);
    }
  }
}

function literal(operand: Operand | undefined, values: Attributes): AttributeValue | undefined {
  return operand?.kind === 'value' ? values[operand.name] : undefined;
}

function checkOrdered(operator: string, leaf: ConditionLeaf, values: Attributes): void {
  for (const operand of operandsOf(leaf)) {
    const value = literal(operand, values);
    if (!value || orderedTypes.has(typeOf(value))) continue;
    throw new ExpressionProblem(
      `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${typeOf(value)}`,
    );
  }
}

function checkBounds(low: AttributeValue | undefined, high: AttributeValue | undefined): void {
  if (!low || !high) return;
  const order = compareValues(low, high);
  if (order !== undefined && order <= 0) return;
  const rule =
    order === undefined
      ? 'The BETWEEN operator requires same data type for lower and upper bounds'
      : 'The BETWEEN operator requires upper bound to be greater than or equal to lower bound';
  throw new ExpressionProblem(
    `${rule}; lower bound operand: AttributeValue: ${shown(low)}, upper bound operand: AttributeValue: ${shown(high)}`,
  );
}

function shown(value: AttributeValue): string {
  return `{${typeOf(value)}:${valueText(value)}}`;
}

function checkTypeName(name: string | undefined): void {
  if (name === undefined || attributeTypes.some((type) => type === name)) return;
  // The order of the list is DynamoDB's.
  throw new ExpressionProblem(
    `Invalid attribute type name found; type: ${name}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
  );
}
