import * as z from 'zod';
import { serviceNameSchema } from '../events/event.ts';
import { listReleases } from '../state/query.ts';
import { releaseCommand } from './define.ts';

/** Which releases to list; the read API takes the same, as its query. */
export const listInputSchema = z.strictObject({
  service: serviceNameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  next: z.string().max(2048).optional(),
});

/** Lists releases, newest first. */
export const list = releaseCommand({
  verb: 'list',
  summary: 'List releases, newest first.',
  allowed: ['viewer', 'releaser', 'approver'],
  input: listInputSchema,
  run: async (input, { store }) => ({ isDone: true, body: await listReleases(store, input) }),
});
