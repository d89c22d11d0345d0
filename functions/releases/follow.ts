import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { followPipeline } from '../../shared/releases/follow.ts';
import { pipelineEventSchema } from '../../shared/releases/pipeline-event.ts';
import { onEvent } from '../../shared/runtime/event.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS']);
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  pipelines: codePipeline(),
  tasks: stepFunctions(),
  pause: jitteredPause,
  clock: systemClock,
};

/** Takes CodePipeline's events into the logs of their releases. */
export const handler = onEvent(pipelineEventSchema, (event) => followPipeline(context, event));
