import * as z from 'zod/mini';
import { NotFound } from '../errors.ts';
import { releaseIdSchema, serviceNameSchema } from '../events/event.ts';
import { readRelease } from '../state/event-log.ts';
import { listReleases } from '../state/query.ts';
import { releaseCommand } from './define.ts';

/** Shows one release: the named one, or a service's newest. */
export const status = releaseCommand({
  verb: 'status',
  summary: 'Show a release, or the newest one of a service.',
  allowed: ['viewer', 'releaser', 'approver'],
  input: z
    .strictObject({ release: z.optional(releaseIdSchema), service: z.optional(serviceNameSchema) })
    .check(z.refine(({ release, service }) => !release !== !service, 'name either release or service')),
  async run({ release: releaseId, service }, { store }) {
    if (releaseId !== undefined) {
      const found = await readRelease(store, releaseId);
      if (!found) throw new NotFound(`release ${releaseId} is unknown; slipway list shows those there are`);
      return { isDone: true, body: { release: found.release } };
    }
    const [newest] = (await listReleases(store, { service, limit: 1 })).releases;
    if (!newest) throw new NotFound(`service ${service} has no release; ask for one with slipway release`);
    return { isDone: true, body: { release: newest } };
  },
});
