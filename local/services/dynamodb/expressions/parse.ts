import conditionParser from 'dynalite/db/conditionParser.js';
import projectionParser from 'dynalite/db/projectionParser.js';
import updateParser from 'dynalite/db/updateParser.js';
import { typeOf, valueText, type Attributes } from '../attribute-values.ts';
import { readCondition, readPath, readUpdateAction, type DynaliteAction, type DynaliteNode } from './dynalite-tree.ts';
import { flattenCondition, isOnlyGroup, originalText, type FlatCondition } from './condition-groups.ts';
import type { Condition } from './condition.ts';
import { projectionOf, type Projection } from './projection.ts';
import { isReservedWord } from './reserved-words.ts';
import { syntaxErrorText } from './syntax-error.ts';
import type { UpdateAction } from './update.ts';

/** An expression's tree, and the names and values of the request that it uses. */
export interface Parsed<Tree> {
  readonly tree: Tree;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

/** What `#names` and `:values` stand for. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Attributes;
}

/** The reason why an expression is refused, without the parameter's name in front. */
export class ExpressionProblem extends Error {
  override readonly name = 'ExpressionProblem';
}

/** Reads a condition, filter or key condition. @throws ExpressionProblem */
export function parseCondition(text: string, bindings: Bindings): Parsed<Condition> {
  return cached('condition', text, bindings, (use) => {
    const flat = flattenCondition(text);
    if (isOnlyGroup(flat) && hasRedundantGroup(flat)) throw redundantParentheses();
    return conditionTree(flat, use);
  });
}

/** Reads an update. @throws ExpressionProblem */
export function parseUpdate(text: string, bindings: Bindings): Parsed<readonly UpdateAction[]> {
  return cached('update', text, bindings, (use) => {
    const { sections } = run(updateParser, text, use.context());
    // The shapes are those that the grammar of updateParser.pegjs builds.
    return (sections as DynaliteAction[]).map(readUpdateAction);
  });
}

/** Reads a projection. @throws ExpressionProblem */
export function parseProjection(text: string, bindings: Bindings): Parsed<Projection> {
  return cached('projection', text, bindings, (use) =>
    projectionOf(run(projectionParser, text, use.context()).paths.map(readPath)),
  );
}

function hasRedundantGroup(flat: FlatCondition): boolean {
  return [...flat.groups.values()].some((group) => isOnlyGroup(group));
}

function conditionTree(flat: FlatCondition, use: Usage): Condition {
  if (hasRedundantGroup(flat)) throw redundantParentheses();
  const groups = new Map([...flat.groups].map(([name, group]) => [name, conditionTree(group, use)]));
  const context = use.context();
  // A group's name stands for the tree of what was in its parentheses; no attribute's name is a tree.
  for (const [name, tree] of groups) context.attrNames[name] = tree;
  const { expression } = run(conditionParser, flat.text, context, (text) => originalText({ ...flat, text }));
  // The shapes are those that the grammar of conditionParser.pegjs builds.
  return readCondition(expression as DynaliteNode);
}

function redundantParentheses(): ExpressionProblem {
  return new ExpressionProblem('The expression has redundant parentheses;');
}

function run<Result>(
  parser: DynaliteParser<Result>,
  text: string,
  context: DynaliteContext,
  original: (text: string) => string = (same) => same,
): Result {
  let result: Result | string;
  try {
    result = parser.parse(text, { context });
  } catch (error) {
    const offset = syntaxErrorOffset(error);
    if (offset === undefined) throw error;
    const place = original(text.slice(0, offset)).length;
    throw new ExpressionProblem(syntaxErrorText(original(text), place), { cause: error });
  }
  if (typeof result === 'string') throw new ExpressionProblem(result);
  return result;
}

function syntaxErrorOffset(error: unknown): number | undefined {
  if (!(error instanceof Error) || error.name !== 'SyntaxError' || !('location' in error)) return undefined;
  // PEG.js puts the place on every SyntaxError that it makes.
  return (error.location as { start: { offset: number } }).start.offset;
}

/** The names and values that one expression has used so far, over all its pieces. */
class Usage {
  readonly #bindings: Bindings;
  readonly #unusedNames: Record<string, true>;
  readonly #unusedValues: Record<string, true>;

  constructor(bindings: Bindings) {
    this.#bindings = bindings;
    this.#unusedNames = Object.fromEntries(Object.keys(bindings.names).map((name) => [name, true]));
    this.#unusedValues = Object.fromEntries(Object.keys(bindings.values).map((name) => [name, true]));
  }

  context(): DynaliteContext {
    return {
      attrNames: { ...this.#bindings.names },
      attrVals: placeholders(this.#bindings.values),
      unusedAttrNames: this.#unusedNames,
      unusedAttrVals: this.#unusedValues,
      isReserved: isReservedWord,
      // The bounds of BETWEEN are compared by check-values.ts.
      compare: () => false,
    };
  }

  names(): string[] {
    return Object.keys(this.#bindings.names).filter((name) => !Object.hasOwn(this.#unusedNames, name));
  }

  values(): string[] {
    return Object.keys(this.#bindings.values).filter((name) => !Object.hasOwn(this.#unusedValues, name));
  }
}

/**
 * What the parsers see of the values: the name by which the tree refers to them, their types, and their texts for
 * messages. What the parsers check of the texts is checked again by check-values.ts, because a tree outlives its request.
 */
function placeholders(values: Attributes): Record<string, object> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { [typeOf(value)]: valueText(value), placeholder: name }]),
  );
}

const maxCachedCount = 2_000;
const cache = new Map<string, Parsed<unknown>>();

/** Parses once for all requests with the same text, names and types of values: what an expression means depends on no more. */
function cached<Tree>(kind: string, text: string, bindings: Bindings, parse: (use: Usage) => Tree): Parsed<Tree> {
  const types = Object.entries(bindings.values).map(([name, value]) => [name, typeOf(value)]);
  const key = JSON.stringify([kind, text, bindings.names, types]);
  const known = cache.get(key);
  // The kind is part of the key, and each kind has one type of tree.
  if (known) return known as Parsed<Tree>;
  const use = new Usage(bindings);
  const parsed = { tree: parse(use), usedNames: use.names(), usedValues: use.values() };
  if (cache.size >= maxCachedCount) cache.clear();
  cache.set(key, parsed);
  return parsed;
}
