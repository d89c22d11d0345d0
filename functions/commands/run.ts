import { randomUUID } from 'node:crypto';
import { codePipeline } from '../../shared/aws/codepipeline.ts';
import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { sourceBucket } from '../../shared/aws/s3.ts';
import { serviceDirectory } from '../../shared/aws/ssm.ts';
import { stepFunctions } from '../../shared/aws/step-functions.ts';
import { jitteredPause, systemClock } from '../../shared/clock.ts';
import { runCommand } from '../../shared/commands/run.ts';
import { readConfig } from '../../shared/config.ts';
import { readPrincipal } from '../../shared/people/person.ts';
import { http, readJson } from '../../shared/runtime/http.ts';
import { log } from '../../shared/runtime/log.ts';

const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS', 'SLIPWAY_SERVICES_PREFIX']);
const context = {
  store: tableStore(config.SLIPWAY_TABLE),
  bus: eventBus(config.SLIPWAY_BUS),
  services: serviceDirectory(config.SLIPWAY_SERVICES_PREFIX),
  sources: sourceBucket(),
  approvals: codePipeline(),
  tasks: stepFunctions(),
  pause: jitteredPause,
  clock: systemClock,
  newId: randomUUID,
};

/** Runs the verb that the path names. */
export const handler = http(async (request) => {
  const principal = readPrincipal(request.authorizer);
  const verb = request.path.verb ?? '';
  const answer = await runCommand(verb, readJson(request), { ...context, principal, traceId: request.traceId });
  log.info('command run', { verb, principal: principal.id, traceId: request.traceId });
  return { status: answer.isDone ? 200 : 202, body: answer.body };
});
