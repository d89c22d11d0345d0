import { NotFound } from '../errors.ts';
import type { CommandAnswer, CommandContext } from './command.ts';
import { commands } from './registry.ts';

/** Runs a verb. @throws NotFound naming the verbs there are */
export async function runCommand(verb: string, input: unknown, context: CommandContext): Promise<CommandAnswer> {
  const command = commands.find((candidate) => candidate.verb === verb);
  if (command) return command.execute(input, context);
  throw new NotFound(`there is no verb ${verb.slice(0, 60)}; there are: ${commands.map((one) => one.verb).join(', ')}`);
}
