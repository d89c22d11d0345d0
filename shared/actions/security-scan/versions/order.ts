/** Which of two comes first: negative, 0 or positive. */
export type Order = number;

/** Orders numbers that are written as digits, of any length. */
export function compareDigits(left: string, right: string): Order {
  const [a, b] = [left, right].map((digits) => digits.replace(/^0+(?=\d)/, ''));
  if (a === undefined || b === undefined) return 0;
  return a.length - b.length || compareText(a, b);
}

/** Orders texts by their code units. */
export function compareText(left: string, right: string): Order {
  return left < right ? -1 : Number(left > right);
}
