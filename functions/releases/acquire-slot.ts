import * as z from 'zod/mini';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { releaseIdSchema } from '../../shared/events/event.ts';
import { takeSlot } from '../../shared/releases/hand-over.ts';
import { task } from '../../shared/runtime/task.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS']);
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  pause: jitteredPause,
  clock: systemClock,
};
const input = z.object({
  contract: z.literal(1),
  releaseId: releaseIdSchema,
  workflow: z.string().check(z.minLength(1)),
});

/** Takes the slot of the release's service, or a place in the queue for it. */
export const handler = task(input, ({ releaseId, workflow }) => takeSlot(context, releaseId, workflow));
