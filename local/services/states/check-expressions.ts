import { invalidDefinition } from './errors.ts';
import { plainPath } from './jsonata-path.ts';
import { compile, expressionText, isExpression } from './jsonata.ts';

/**
 * Compiles every expression of a state, so that a mistake shows when the machine is made. A reference that starts from
 * neither `$states` nor a variable is refused, as AWS does: an expression has no document of its own.
 * @throws AwsError `InvalidDefinition`
 */
export function checkExpressions(value: unknown, place: string): void {
  if (isExpression(value)) return checkExpression(expressionText(value), place);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkExpressions(item, `${place}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) checkExpressions(member, `${place}/${key}`);
  }
}

function checkExpression(text: string, place: string): void {
  if (plainPath(text)) return;
  let ast: unknown;
  try {
    ast = compile(text).ast();
  } catch (error) {
    // JSONata throws plain objects with a message.
    const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
    throw invalidDefinition(`INVALID_JSONATA_EXPRESSION: ${message}`, place);
  }
  const name = topLevelName(ast);
  if (name !== undefined) {
    throw invalidDefinition(
      `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '${name}' at the top level is not supported.`,
      place,
    );
  }
}

interface Node {
  readonly type?: unknown;
  readonly value?: unknown;
  readonly steps?: unknown;
  readonly [part: string]: unknown;
}

/** Where the parser keeps what an expression is made of, beside `lhs`. */
const ownParts = ['rhs', 'expression', 'expressions', 'condition', 'then', 'else', 'procedure', 'arguments'];

/** The first field name that is looked up in no document: names below the first step of a path have one. */
function topLevelName(node: unknown): string | undefined {
  if (Array.isArray(node)) return firstOf(node);
  if (typeof node !== 'object' || node === null) return undefined;
  const { type, value, steps, ...parts } = node as Node;
  if (type === 'name') return String(value);
  // A function's body may be applied to a document (`$map`, the right side of `~>`), and so may what a transform holds.
  if (type === 'lambda' || type === 'transform') return undefined;
  if (type === 'path' && Array.isArray(steps)) return topLevelName(steps[0]);
  if (
    type === 'bind' ||
    type === 'block' ||
    type === 'condition' ||
    type === 'binary' ||
    type === 'unary' ||
    type === 'function'
  ) {
    // Predicates, stages and groups are applied to what comes before them, so names in them have a document.
    return firstOf([parts['lhs'], ...ownParts.map((part) => parts[part])]);
  }
  return undefined;
}

function firstOf(nodes: readonly unknown[]): string | undefined {
  for (const node of nodes) {
    const name = topLevelName(node);
    if (name !== undefined) return name;
  }
  return undefined;
}
