/** A word, a name, a value, a two-character operator or one other character. */
const tokenPattern = /[#:]?[A-Za-z0-9_]+|<=|>=|<>|\S/g;

/** DynamoDB's text for an expression that its grammar does not take, with the token at `offset` and its neighbours. */
export function syntaxErrorText(text: string, offset: number): string {
  const tokens = [...text.matchAll(tokenPattern)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  const found = tokens.findIndex((token) => token.end > offset);
  if (found === -1) {
    const start = tokens.at(-2)?.start ?? 0;
    return `Syntax error; token: "<EOF>", near: "${text.slice(start).trim()}"`;
  }
  const start = tokens[found - 1]?.start ?? tokens[found]?.start;
  const end = tokens[found + 1]?.end ?? tokens[found]?.end;
  return `Syntax error; token: "${tokens[found]?.text}", near: "${text.slice(start, end)}"`;
}
