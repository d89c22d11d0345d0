import type { AnyCommand } from '../commands/command.ts';
import { runCommand } from '../commands/run.ts';
import { readPrincipal, type Principal } from '../people/person.ts';
import { http, readJson } from './http.ts';
import { log } from './log.ts';

/** What a request adds to what a verb may use. */
interface PerRequest {
  readonly principal: Principal;
  readonly traceId: string;
}

/** The chain of a function that runs verbs: `POST /api/commands/<verb>`, by a route of its own or as a path parameter. */
export function commandHandler<Context extends PerRequest>(
  commands: readonly AnyCommand<Context>[],
  context: Omit<Context, keyof PerRequest>,
): ReturnType<typeof http> {
  return http(async (request) => {
    const principal = readPrincipal(request.authorizer);
    const verb = request.path.verb ?? request.route.slice(request.route.lastIndexOf('/') + 1);
    const { traceId } = request;
    // What a context is made of: everything but the request's part, and that part.
    const complete = { ...context, principal, traceId } as unknown as Context;
    const answer = await runCommand(commands, { verb, input: readJson(request) }, complete);
    log.info('command run', { verb, principal: principal.id, traceId });
    return { status: answer.isDone ? 200 : 202, body: answer.body };
  });
}
