import * as z from 'zod/mini';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { listInputSchema } from '../../shared/commands/list.ts';
import { readConfig } from '../../shared/config.ts';
import { InvalidInput, NotFound } from '../../shared/errors.ts';
import { describeEvent } from '../../shared/events/describe.ts';
import { releaseIdSchema } from '../../shared/events/event.ts';
import { problemsOf } from '../../shared/json.ts';
import { requireRole } from '../../shared/people/person.ts';
import { http } from '../../shared/runtime/http.ts';
import { getRelease, listReleases } from '../../shared/state/query.ts';
import { isFinished } from '../../shared/state/release.ts';

const { SLIPWAY_TABLE: table } = readConfig(['SLIPWAY_TABLE']);
const store = tableStore(table);
const timelineQuery = z.strictObject({ after: z._default(z.coerce.number().check(z.multipleOf(1), z.gte(0)), 0) });

/** Answers releases, and one release with its timeline. */
export const handler = http(async ({ authorizer, path, query }) => {
  requireRole(authorizer, ['viewer', 'releaser', 'approver']);
  if (path.id === undefined) return { status: 200, body: await listReleases(store, read(listInputSchema, query)) };
  const releaseId = releaseIdSchema.safeParse(path.id);
  const { after } = read(timelineQuery, query);
  const found = releaseId.success ? await getRelease(store, releaseId.data, after) : undefined;
  if (!found)
    throw new NotFound(`release ${path.id.slice(0, 60)} is not recorded (yet); slipway list shows those there are`);
  const { release, head, entries } = found;
  const timeline = entries.map(({ n, event }) => ({ n, text: describeEvent(event), event }));
  return { status: 200, body: { release, timeline, head, isFinished: isFinished(release) } };
});

function read<Schema extends z.core.$ZodType>(schema: Schema, query: object): z.output<Schema> {
  const parsed = z.safeParse(schema, query);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(problemsOf(parsed.error));
}
