import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../log.ts';

const logger = new Logger();

/** One JSON line for each call, with the function's name and request; service and level come from POWERTOOLS_*. */
export const log: Log = {
  info: (message, fields = {}) => logger.info(message, fields),
  warn: (message, fields = {}) => logger.warn(message, fields),
  error: (message, thrown, fields = {}) =>
    logger.error(message, { ...fields, error: thrown instanceof Error ? thrown : new Error(String(thrown)) }),
};

/** Puts the invocation's function and request on every line that follows. */
export function logInvocation(context: Parameters<typeof logger.addContext>[0]): void {
  logger.addContext(context);
}
