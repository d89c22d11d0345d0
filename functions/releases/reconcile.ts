import * as z from 'zod';
import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { reconcile } from '../../shared/releases/reconcile.ts';
import { onEvent } from '../../shared/runtime/event.ts';
import { log } from '../../shared/runtime/log.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS']);
const states = stepFunctions();
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  pipelines: codePipeline(),
  tasks: states,
  workflows: states,
  pause: jitteredPause,
  clock: systemClock,
  log,
};

/** Reads the truth of old waits and held slots; called every five minutes. */
export const handler = onEvent(z.unknown(), async () => {
  const report = await reconcile(context);
  log.info('reconciled', { ...report });
  return report;
});
