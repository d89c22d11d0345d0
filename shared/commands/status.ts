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
  input: z.union([z.strictObject({ release: releaseIdSchema }), z.strictObject({ service: serviceNameSchema })]),
  async run(input, { store }) {
    if ('release' in input) {
      const found = await readRelease(store, input.release);
      if (!found) throw new NotFound(`release ${input.release} is unknown; slipway list shows those there are`);
      return { isDone: true, body: { release: found.release } };
    }
    const [newest] = (await listReleases(store, { service: input.service, limit: 1 })).releases;
    if (!newest) throw new NotFound(`service ${input.service} has no release; ask for one with slipway release`);
    return { isDone: true, body: { release: newest } };
  },
});
