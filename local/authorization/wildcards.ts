/** Whether `text` fits a pattern in which `*` is any text and `?` one character; in time linear in each star. */
export function matchesWildcards(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const sign = pattern[inPattern];
    if (sign === '*') {
      star = inPattern++;
      starAt = at;
    } else if (sign === '?' || sign === text[at]) {
      inPattern++;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}

const arnParts = 6;

/** Whether an ARN fits a pattern of which every part between colons stands for itself, as ArnLike compares. */
export function matchesArn(pattern: string, arn: string): boolean {
  const wanted = partsOf(pattern);
  const given = partsOf(arn);
  if (given.length < arnParts) return false;
  if (wanted.length < arnParts) return pattern === '*';
  return wanted.every((part, position) => matchesWildcards(part, given[position] ?? ''));
}

/** The sixth part keeps its colons. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, arnParts - 1), ...(parts.length >= arnParts ? [parts.slice(arnParts - 1).join(':')] : [])];
}
