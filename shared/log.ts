/** Named facts beside a constant message; never a body, a header, a credential, a task token or a job event. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where decisions are told: one line each. `shared/runtime/log.ts` writes them as JSON. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** `thrown` is written with its name, message and stack. */
  error(message: string, thrown: unknown, fields?: LogFields): void;
}

/** Says nothing; for tests and for code whose caller already tells. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** A log whose every line carries these fields too; a line's own fields win. */
export function boundLog(log: Log, bound: LogFields): Log {
  return {
    info: (message, fields) => log.info(message, { ...bound, ...fields }),
    warn: (message, fields) => log.warn(message, { ...bound, ...fields }),
    error: (message, thrown, fields) => log.error(message, thrown, { ...bound, ...fields }),
  };
}
