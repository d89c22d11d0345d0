import * as z from 'zod/mini';
import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { serviceDirectory } from '../../shared/aws/ssm.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { releaseIdSchema } from '../../shared/events/event.ts';
import { launchRelease } from '../../shared/releases/launch.ts';
import { task } from '../../shared/runtime/task.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS', 'SLIPWAY_SERVICES_PREFIX']);
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  services: serviceDirectory(config.SLIPWAY_SERVICES_PREFIX),
  pipelines: codePipeline(),
  tasks: stepFunctions(),
  pause: jitteredPause,
  clock: systemClock,
};
const input = z.object({ contract: z.literal(1), releaseId: releaseIdSchema });

/** Starts the release's pipeline. */
export const handler = task(input, ({ releaseId }) => launchRelease(context, releaseId));
