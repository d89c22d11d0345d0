import * as z from 'zod/mini';
import { serviceNameSchema } from '../events/event.ts';
import { listReleases } from '../state/query.ts';
import { releaseCommand } from './define.ts';

/** Which releases to list; the read API takes the same, as its query. */
export const listInputSchema = z.strictObject({
  service: z.optional(serviceNameSchema),
  limit: z._default(z.coerce.number().check(z.multipleOf(1), z.gte(1), z.lte(100)), 20),
  next: z.optional(z.string().check(z.maxLength(2048))),
});

/** Lists releases, newest first. */
export const list = releaseCommand({
  verb: 'list',
  summary: 'List releases, newest first.',
  allowed: ['viewer', 'releaser', 'approver'],
  input: listInputSchema,
  run: async (input, { store }) => ({ isDone: true, body: await listReleases(store, input) }),
});
