import { randomUUID } from 'node:crypto';
import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { serviceDirectory } from '../../shared/aws/ssm.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { releaseCommands } from '../../shared/commands/release-commands.ts';
import { readConfig } from '../../shared/config.ts';
import { commandHandler } from '../../shared/runtime/command.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS', 'SLIPWAY_SERVICES_PREFIX']);

/** Runs the verb about releases that the path names. */
export const handler = commandHandler(releaseCommands, {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  services: serviceDirectory(config.SLIPWAY_SERVICES_PREFIX),
  approvals: codePipeline(),
  pause: jitteredPause,
  clock: systemClock,
  newId: randomUUID,
});
