/** An error as the Node.js runtime reports it to Lambda, and Lambda to the caller. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** An error whose type Lambda itself names, e.g. `Runtime.HandlerNotFound`. */
export class NamedRuntimeError extends Error {
  constructor(name: string, message: string, stack?: string) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}

/** Turns whatever was thrown into what the runtime reports. */
export function toRuntimeError(thrown: unknown): RuntimeError {
  if (!isErrorLike(thrown)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

/** The text that the runtime logs beside `Invoke Error`: the error's own members, with its stack as lines. */
export function toLoggedError(thrown: unknown): string {
  if (!isErrorLike(thrown)) return JSON.stringify(toRuntimeError(thrown));
  const { errorType, errorMessage, trace } = toRuntimeError(thrown);
  try {
    return JSON.stringify({ errorType, errorMessage, ...thrown, stack: trace });
  } catch {
    return JSON.stringify({ errorType, errorMessage, trace });
  }
}

function isErrorLike(thrown: unknown): thrown is Error {
  return thrown instanceof Error;
}
