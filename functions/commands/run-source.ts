import { tableStore } from '../../shared/aws/dynamodb.ts';
import { sourceBucket } from '../../shared/aws/s3.ts';
import { serviceDirectory } from '../../shared/aws/ssm.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { sourceCommands } from '../../shared/commands/source-commands.ts';
import { readConfig } from '../../shared/config.ts';
import { commandHandler } from '../../shared/runtime/command.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_SERVICES_PREFIX']);

/** Runs the verb about sources that the path names. */
export const handler = commandHandler(sourceCommands, {
  store: tableStore(config.SLIPWAY_TABLE),
  services: serviceDirectory(config.SLIPWAY_SERVICES_PREFIX),
  sources: sourceBucket(),
  tasks: stepFunctions(),
  pause: jitteredPause,
  clock: systemClock,
});
