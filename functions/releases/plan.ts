import * as z from 'zod/mini';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { serviceDirectory } from '../../shared/aws/ssm.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { releaseIdSchema } from '../../shared/events/event.ts';
import { planRelease } from '../../shared/releases/plan.ts';
import { task } from '../../shared/runtime/task.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS', 'SLIPWAY_SERVICES_PREFIX']);
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  services: serviceDirectory(config.SLIPWAY_SERVICES_PREFIX),
  pause: jitteredPause,
  clock: systemClock,
};
const input = z.object({ contract: z.literal(1), releaseId: releaseIdSchema });

/** Says whether the release can go on, or which source it has to wait for. */
export const handler = task(input, ({ releaseId }) => planRelease(context, releaseId));
