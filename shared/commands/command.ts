import type * as z from 'zod';
import type { Approvals } from '../approvals/answer.ts';
import type { Clock } from '../clock.ts';
import type { Principal } from '../people/person.ts';
import type { Role } from '../people/roles.ts';
import type { ServiceDirectory, SourceBucket } from '../services/service.ts';
import type { RecordContext } from '../state/record.ts';
import type { TaskTokens } from '../state/waits.ts';

/** What every verb may use. */
export interface CommandContext extends RecordContext {
  readonly principal: Principal;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly traceId: string;
  readonly services: ServiceDirectory;
  readonly sources: SourceBucket;
  readonly approvals: Approvals;
  readonly tasks: TaskTokens;
}

/** A verb's answer: done, or taken on and going on in the background. JSON. */
export interface CommandAnswer {
  readonly isDone: boolean;
  readonly body: object;
}

/**
 * A verb that a person may use: one file and one line in the registry; the CLI and the API only translate into it.
 * `Input` is what the schema reads, strictly.
 */
export interface Command<Schema extends z.ZodType = z.ZodType> {
  readonly verb: string;
  /** One sentence for `slipway help`. */
  readonly summary: string;
  readonly input: Schema;
  /** Who may, beside an admin. */
  readonly allowed: readonly Role[];
  run(input: z.output<Schema>, context: CommandContext): Promise<CommandAnswer>;
}

/** A verb with its input's type forgotten, as the registry holds it. */
export interface AnyCommand {
  readonly verb: string;
  readonly summary: string;
  readonly allowed: readonly Role[];
  readonly input: z.ZodType;
  /** @throws InvalidInput naming each field that does not fit */
  execute(input: unknown, context: CommandContext): Promise<CommandAnswer>;
}
