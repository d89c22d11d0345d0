import * as z from 'zod/mini';
import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { releaseIdSchema } from '../../shared/events/event.ts';
import { finishRelease } from '../../shared/releases/finish.ts';
import { task } from '../../shared/runtime/task.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS']);
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  pipelines: codePipeline(),
  tasks: stepFunctions(),
  pause: jitteredPause,
  clock: systemClock,
};
const input = z.object({
  contract: z.literal(1),
  releaseId: releaseIdSchema,
  ending: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('pipeline'), state: z.string() }),
    z.object({ kind: z.literal('error'), error: z.string(), cause: z.string() }),
  ]),
});

/** Records how the release ended, and gives its slot to the next. */
export const handler = task(input, ({ releaseId, ending }) => finishRelease(context, releaseId, ending));
