/**
 * An input whose numbers are whole: each number that DynamoDB's operations take beside attribute values is an integer, and
 * the service cuts the fraction off (as dynalite found it does).
 */
export function withWholeNumbers<Input extends object>(input: Input): Input {
  const cut = Object.entries(input).filter(([, value]) => typeof value === 'number' && !Number.isInteger(value));
  // Only numbers are replaced, by numbers.
  return cut.length === 0
    ? input
    : { ...input, ...Object.fromEntries(cut.map(([name, value]) => [name, Math.floor(Number(value))])) };
}
