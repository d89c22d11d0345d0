/** A filter policy that SNS does not take; `message` says why, as whoever set the policy is told. */
export class InvalidFilter extends Error {
  override readonly name = 'InvalidFilter';
}

/** Makes the error of a policy whose content is wrong. */
export function invalidFilter(reason: string): InvalidFilter {
  return new InvalidFilter(`FilterPolicy: ${reason}`);
}
