/** A member that `checkInput` has made sure of. */
export function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a declaration without a required member was not refused');
  return value;
}
