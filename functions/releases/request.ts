import * as z from 'zod/mini';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { releaseRequestSchema } from '../../shared/events/event.ts';
import { requestRelease } from '../../shared/releases/request.ts';
import { task } from '../../shared/runtime/task.ts';

const { SLIPWAY_TABLE: table } = readConfig(['SLIPWAY_TABLE']);
const context = { store: tableStore(table), pause: jitteredPause, clock: systemClock };
const input = z.object({
  contract: z.literal(1),
  workflow: z.string().check(z.minLength(1)),
  request: releaseRequestSchema,
});

/** Records a request as event 1 of its release, or finds that another workflow has. */
export const handler = task(input, ({ workflow, request }) => requestRelease(context, request, workflow));
