import * as z from 'zod/mini';
import { Forbidden, InvalidInput } from '../errors.ts';
import { problemsOf } from '../json.ts';
import { mayAny } from '../people/roles.ts';
import type { AnyCommand, Command, CommandContext, ReleaseCommandContext, SourceCommandContext } from './command.ts';

/** Makes a verb about releases. */
export function releaseCommand<Schema extends z.core.$ZodType>(
  command: Command<ReleaseCommandContext, Schema>,
): AnyCommand<ReleaseCommandContext> {
  return defineCommand(command);
}

/** Makes a verb about sources. */
export function sourceCommand<Schema extends z.core.$ZodType>(
  command: Command<SourceCommandContext, Schema>,
): AnyCommand<SourceCommandContext> {
  return defineCommand(command);
}

/** Who may is checked before the input is read, and the input before anything is done. */
function defineCommand<Context extends CommandContext, Schema extends z.core.$ZodType>(
  command: Command<Context, Schema>,
): AnyCommand<Context> {
  const { verb, summary, allowed, input: schema } = command;
  return {
    verb,
    summary,
    allowed,
    execute: async (input, context) => {
      const { id, roles } = context.principal;
      if (!mayAny(roles, allowed)) {
        throw new Forbidden(`${id} may not ${verb}; one of these roles may: ${[...allowed, 'admin'].join(', ')}`);
      }
      const read = z.safeParse(schema, input);
      if (!read.success) throw new InvalidInput(`${verb}: ${problemsOf(read.error)}`);
      return command.run(read.data, context);
    },
  };
}
