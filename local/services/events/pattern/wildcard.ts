import { invalidPattern } from './pattern-error.ts';

/** Not published: inferred from the error that EventBridge answers. */
const maximumWildcards = 30;
const tooComplex =
  'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/**
 * Compiles a wildcard text: `*` stands for any characters, `\*` and `\\` for themselves. Matching is linear in the
 * value's length for each piece, so no pattern can stall the bus.
 */
export function compileWildcard(text: string): (value: string) => boolean {
  const pieces = splitAtWildcards(text);
  if (pieces.length - 1 > maximumWildcards) throw invalidPattern(tooComplex);
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    const end = value.length - last.length;
    for (const piece of rest) {
      const at = value.indexOf(piece, from);
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}

function splitAtWildcards(text: string): string[] {
  const pieces = [''];
  const append = (character: string): void => void (pieces[pieces.length - 1] += character);
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') {
      at += 1;
      const escaped = text.charAt(at);
      if (escaped !== '*' && escaped !== '\\') throw invalidPattern(`Invalid escape character at pos ${at - 1}`);
      append(escaped);
    } else if (character !== '*') {
      append(character);
    } else {
      if (text.charAt(at + 1) === '*') throw invalidPattern(`Consecutive wildcard characters at pos ${at}`);
      pieces.push('');
    }
  }
  return pieces;
}
