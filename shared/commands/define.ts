import type * as z from 'zod';
import { Forbidden, InvalidInput } from '../errors.ts';
import { mayAny } from '../people/roles.ts';
import type { AnyCommand, Command, CommandAnswer } from './command.ts';

/** Makes a verb: who may is checked before the input is read, and the input before anything is done. */
export function defineCommand<Schema extends z.ZodType>(command: Command<Schema>): AnyCommand {
  const { verb, summary, allowed, input: schema } = command;
  return {
    verb,
    summary,
    allowed,
    input: schema,
    execute: async (input, context): Promise<CommandAnswer> => {
      const { id, roles } = context.principal;
      if (!mayAny(roles, allowed)) {
        throw new Forbidden(`${id} may not ${verb}; one of these roles may: ${[...allowed, 'admin'].join(', ')}`);
      }
      const read = schema.safeParse(input ?? {});
      if (!read.success) throw new InvalidInput(`${verb}: ${problemsOf(read.error)}`);
      return command.run(read.data, context);
    },
  };
}

function problemsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
}
