/** Members of a modelled exception beside its message, e.g. `CancellationReasons`. */
export type ErrorMembers = Readonly<Record<string, unknown>>;

/**
 * An error as the service documents it: it travels to the caller over the service's protocol and arrives as the SDK's
 * exception class of the same name.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The exception's shape name, e.g. `PipelineNotFoundException`. */
  readonly code: string;
  readonly httpStatus: number;
  readonly members: ErrorMembers;

  constructor(code: string, message: string, options: { httpStatus?: number; members?: ErrorMembers } = {}) {
    super(message);
    this.code = code;
    this.httpStatus = options.httpStatus ?? 400;
    this.members = options.members ?? {};
  }
}

/** Refuses, by name, what the local cloud does not have. */
export function notSupportedLocally(what: string): AwsError {
  return new AwsError('NotImplemented', `${what} is not supported locally`, { httpStatus: 501 });
}

/** Whether a value was nested deeper than what reads values by recursion can follow. */
export function isTooDeep(cause: unknown): boolean {
  return cause instanceof RangeError && cause.message === 'Maximum call stack size exceeded';
}

/** A mistake of the person who runs the local cloud (a taken port, an unknown resource type): printed without a stack. */
export class LocalCloudError extends Error {
  override readonly name = 'LocalCloudError';
}
