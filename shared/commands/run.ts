import { NotFound } from '../errors.ts';
import type { AnyCommand, CommandAnswer } from './command.ts';

/** A verb with what it was sent; nothing sent is an empty object. */
export interface CommandRequest {
  readonly verb: string;
  readonly input: unknown;
}

/**
 * Runs one of these verbs.
 * @throws NotFound naming them
 */
export async function runCommand<Context>(
  commands: readonly AnyCommand<Context>[],
  { verb, input }: CommandRequest,
  context: Context,
): Promise<CommandAnswer> {
  const command = commands.find((candidate) => candidate.verb === verb);
  if (command) return command.execute(input, context);
  throw new NotFound(`there is no verb ${verb.slice(0, 60)}; there are: ${commands.map((one) => one.verb).join(', ')}`);
}
