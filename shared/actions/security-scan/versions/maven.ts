import { compareDigits, compareText, type Order } from './order.ts';

interface Token {
  readonly prefix: '.' | '-';
  /** Digits, or a qualifier in lower case. */
  readonly value: string;
}

/** Qualifiers in their order; others come behind them by the alphabet. */
const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const sameAs: Readonly<Record<string, string>> = { cr: 'rc', ga: '', final: '', release: '' };
/** If a number follows them at once. */
const shortFor: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' };

/**
 * Orders versions as Maven does (maven.apache.org/pom.html, "Version order specification"). Any text without blanks is a
 * version to Maven.
 * @returns undefined if one of them is empty, longer than 1,000 characters, or holds a blank or an unresolved `${…}`
 */
export function compareMaven(left: string, right: string): Order | undefined {
  if (![left, right].every((version) => /^[^\s${}]{1,1000}$/.test(version))) return undefined;
  const [a, b] = [trimmed(tokensOf(left)), trimmed(tokensOf(right))];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = compareTokens(a[index] ?? padding(b[index]), b[index] ?? padding(a[index]));
    if (order !== 0) return order;
  }
  return 0;
}

/** Split at `.`, `-` and `_`, and between digits and letters, which stands for `-`. */
function tokensOf(version: string): Token[] {
  const tokens: Token[] = [];
  let prefix: Token['prefix'] = '-';
  for (const part of version.toLowerCase().split(/([.\-_])/)) {
    if (/^[.\-_]$/.test(part)) {
      prefix = part === '.' ? '.' : '-';
      continue;
    }
    const pieces = part === '' ? ['0'] : (part.match(/\d+|\D+/g) ?? []);
    pieces.forEach((piece, index) => {
      const isFollowedByDigit = /^\d/.test(pieces[index + 1] ?? '');
      const value = (isFollowedByDigit && shortFor[piece]) || (sameAs[piece] ?? piece);
      tokens.push({ prefix: index === 0 ? prefix : '-', value });
    });
  }
  return tokens;
}

/** Without what says nothing (0 and the release's qualifiers) at its end and before each hyphen. */
function trimmed(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  let mayDrop = true;
  for (const token of tokens.toReversed()) {
    if (mayDrop && isNull(token)) continue;
    kept.unshift(token);
    mayDrop = token.prefix === '-';
  }
  return kept;
}

function isNull({ value }: Token): boolean {
  return value === '' || /^0+$/.test(value);
}

/** Stands for nothing beside a token of the other version. */
function padding(other: Token | undefined): Token {
  return { prefix: other?.prefix ?? '.', value: other && isNumber(other) ? '0' : '' };
}

function compareTokens(left: Token, right: Token): Order {
  const order = kindOf(left) - kindOf(right);
  if (order !== 0) return order;
  return isNumber(left) ? compareDigits(left.value, right.value) : compareQualifiers(left.value, right.value);
}

/** `.qualifier` = `-qualifier` < `-number` < `.number`. */
function kindOf(token: Token): number {
  if (!isNumber(token)) return 0;
  return token.prefix === '-' ? 1 : 2;
}

function isNumber({ value }: Token): boolean {
  return /^\d+$/.test(value);
}

function compareQualifiers(left: string, right: string): Order {
  const rankOf = (value: string): number =>
    qualifiers.includes(value) ? qualifiers.indexOf(value) : qualifiers.length;
  return rankOf(left) - rankOf(right) || compareText(left, right);
}
