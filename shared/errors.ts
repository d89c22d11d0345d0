/** What went wrong, in the terms a caller acts on; the HTTP chain turns it into a status. */
export type ErrorKind =
  'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'too-large' | 'unavailable' | 'internal';

/** How an error is made: `cause` keeps what was caught, for the log only. */
export interface ErrorOptions {
  readonly cause?: unknown;
}

/**
 * The root of every error that Slipway throws. Subclasses give `name` as a literal (state machines match on it, and a
 * minifier breaks `Foo.name`). Messages say what is wrong, the value got, the values allowed and what to do, and never
 * hold a secret or a payload.
 */
export abstract class SlipwayError extends Error {
  abstract override readonly name: string;
  abstract readonly kind: ErrorKind;
  /** Whether the same call may pass later without anyone changing anything. */
  readonly retryable: boolean = false;

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}

/** Input from outside does not fit its schema or its rules. */
export class InvalidInput extends SlipwayError {
  override readonly name = 'InvalidInput';
  override readonly kind = 'invalid';
}

/** Something that was named does not exist. */
export class NotFound extends SlipwayError {
  override readonly name = 'NotFound';
  override readonly kind = 'not-found';
}

/** The state of things does not allow what was asked. */
export class Conflict extends SlipwayError {
  override readonly name = 'Conflict';
  override readonly kind = 'conflict';
}

/** Nobody has shown who they are. */
export class Unauthenticated extends SlipwayError {
  override readonly name = 'Unauthenticated';
  override readonly kind = 'unauthenticated';
}

/** The person is known and may not do this. */
export class Forbidden extends SlipwayError {
  override readonly name = 'Forbidden';
  override readonly kind = 'forbidden';
}

/** A body is larger than its receiver accepts. */
export class TooLarge extends SlipwayError {
  override readonly name = 'TooLarge';
  override readonly kind = 'too-large';
}

/** A service that Slipway needs was throttled or failing after the bounded retries; the same call may pass later. */
export class ServiceUnavailable extends SlipwayError {
  override readonly name = 'ServiceUnavailable';
  override readonly kind = 'unavailable';
  override readonly retryable = true;
}

/** Slipway is installed or configured wrongly; only an operator can mend it. */
export class Misconfigured extends SlipwayError {
  override readonly name = 'Misconfigured';
  override readonly kind = 'internal';
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  try {
    return String(thrown instanceof Error ? thrown.message : thrown);
  } catch {
    // JavaScript lets anything be thrown, also what makes no text of itself.
    return 'what was thrown is no error';
  }
}
