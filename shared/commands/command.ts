import type * as z from 'zod/mini';
import type { Approvals } from '../approvals/answer.ts';
import type { Clock, Pause } from '../clock.ts';
import type { Principal } from '../people/person.ts';
import type { Role } from '../people/roles.ts';
import type { ServiceDirectory, SourceBucket } from '../services/service.ts';
import type { RecordContext } from '../state/record.ts';
import type { Store } from '../state/store.ts';
import type { TaskTokens } from '../state/waits.ts';

/** What every verb may use. */
export interface CommandContext {
  readonly principal: Principal;
  readonly traceId: string;
  readonly store: Store;
  readonly pause: Pause;
  readonly clock: Clock;
  readonly services: ServiceDirectory;
}

/** What the verbs about releases use beside. */
export interface ReleaseCommandContext extends CommandContext, RecordContext {
  readonly newId: () => string;
  readonly approvals: Approvals;
}

/** What the verbs about sources use beside: a function of their own, because the S3 client alone is a quarter of a bundle. */
export interface SourceCommandContext extends CommandContext {
  readonly sources: SourceBucket;
  readonly tasks: TaskTokens;
}

/** A verb's answer: done, or taken on and going on in the background. JSON. */
export interface CommandAnswer {
  readonly isDone: boolean;
  readonly body: object;
}

/**
 * A verb that a person may use: one file and one line in the registry; the CLI and the API only translate into it.
 * `input` reads strictly.
 */
export interface Command<Context, Schema extends z.core.$ZodType = z.core.$ZodType> {
  readonly verb: string;
  /** One sentence for `slipway help`. */
  readonly summary: string;
  readonly input: Schema;
  /** Who may, beside an admin. */
  readonly allowed: readonly Role[];
  run(input: z.output<Schema>, context: Context): Promise<CommandAnswer>;
}

/** A verb with its input's type forgotten, as the registry holds it. */
export interface AnyCommand<Context> {
  readonly verb: string;
  readonly summary: string;
  readonly allowed: readonly Role[];
  /** @throws Forbidden, InvalidInput naming each field that does not fit */
  execute(input: unknown, context: Context): Promise<CommandAnswer>;
}
