/** A mistake that the person can mend: printed without a stack, exit code 1. */
export class CliError extends Error {
  override readonly name = 'CliError';
}
