/** A condition without nested parentheses: each inner condition has become `attribute_exists(<name>)`. */
export interface FlatCondition {
  readonly text: string;
  /** The conditions that were in parentheses, by the name that stands for them in the text. */
  readonly groups: ReadonlyMap<string, FlatCondition>;
}

const tokenPattern = /[#:]?[A-Za-z0-9_]+|<=|>=|<>|[^\sA-Za-z0-9_]/g;
const operators = new Set(['=', '<>', '<', '<=', '>', '>=']);
const predicates = new Set(['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains']);
const connectives = new Set(['AND', 'OR', 'NOT']);

/**
 * Takes the parenthesized conditions out of a condition, innermost included. The grammar of dynalite 4.0.0 tries every
 * pair of parentheses twice, so that its time doubles with each level of nesting; in pieces it is linear. Parentheses
 * around an operand, a list or a function's arguments stay. Can go when the parser remembers what it has tried.
 */
export function flattenCondition(text: string): FlatCondition {
  return flatten(withoutDoubleNot(text), { prefix: freePrefix(text), count: 0 });
}

/** The documented grammar has `NOT condition`, whatever the condition is; dynalite's takes one NOT only. */
function withoutDoubleNot(text: string): string {
  return text.replace(/(?<![#:.\w])NOT\s+NOT(?=[\s(])/gi, '');
}

function freePrefix(text: string): string {
  let prefix = '#group';
  while (text.includes(prefix)) prefix += '_';
  return prefix;
}

function flatten(text: string, naming: { prefix: string; count: number }): FlatCondition {
  const groups = new Map<string, FlatCondition>();
  let flat = '';
  let copiedTo = 0;
  for (const [start, end] of conditionRanges(text)) {
    const name = `${naming.prefix}${naming.count++}`;
    groups.set(name, flatten(text.slice(start + 1, end), naming));
    flat += `${text.slice(copiedTo, start)}attribute_exists(${name})`;
    copiedTo = end + 1;
  }
  return { text: flat + text.slice(copiedTo), groups };
}

/** The outermost parenthesized conditions: where each begins and where its closing parenthesis is. */
function conditionRanges(text: string): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  let depth = 0;
  let open = { start: 0, isCondition: false, mayBeCondition: false };
  let before = '';
  for (const { 0: token, index } of text.matchAll(tokenPattern)) {
    if (token === '(' && depth++ === 0) {
      open = { start: index, isCondition: false, mayBeCondition: before === '' || connectives.has(before) };
    } else if (token === ')' && --depth === 0 && open.isCondition && open.mayBeCondition) {
      ranges.push([open.start, index]);
    } else if (depth > 0) {
      open.isCondition ||= isConditionToken(token);
    }
    if (depth < 0) return [];
    before = token.toUpperCase();
  }
  return depth === 0 ? ranges : [];
}

/** Whether a token occurs in conditions only, never in an operand. */
function isConditionToken(token: string): boolean {
  const word = token.toUpperCase();
  return operators.has(token) || predicates.has(token) || connectives.has(word) || word === 'IN' || word === 'BETWEEN';
}

/** The condition with its parentheses again, for messages. */
export function originalText(flat: FlatCondition): string {
  let text = flat.text;
  for (const [name, group] of flat.groups) {
    text = text.replace(`attribute_exists(${name})`, () => `(${originalText(group)})`);
  }
  return text;
}

/** Whether a condition is nothing but another one in parentheses, which DynamoDB refuses. */
export function isOnlyGroup(flat: FlatCondition): boolean {
  return [...flat.groups.keys()].some((name) => flat.text.trim() === `attribute_exists(${name})`);
}
