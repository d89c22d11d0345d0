import type { ApiClient } from './api-client.ts';
import type { Print } from './output.ts';

/** What every command is given. */
export interface CliContext {
  /** The API that the options and the environment point at. */
  readonly api: () => ApiClient;
  /** The local cloud's folder. */
  readonly folder: () => string;
  readonly print: Print;
}
