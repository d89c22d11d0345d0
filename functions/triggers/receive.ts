import { tableStore } from '../../shared/aws/dynamodb.ts';
import { eventBus } from '../../shared/aws/eventbridge.ts';
import { secretReader } from '../../shared/aws/secrets-manager.ts';
import { serviceDirectory } from '../../shared/aws/ssm.ts';
import { systemClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { http } from '../../shared/runtime/http.ts';
import { log } from '../../shared/runtime/log.ts';
import { receive } from '../../shared/triggers/receive.ts';
import type { Trigger } from '../../shared/triggers/trigger.ts';

/** The entry of every trigger's function: the build makes one bundle for each, with that trigger alone. */
export function receiver(trigger: Trigger): ReturnType<typeof http> {
  const config = readConfig(['SLIPWAY_TABLE', 'SLIPWAY_BUS', 'SLIPWAY_SERVICES_PREFIX', 'SLIPWAY_WEBHOOK_SECRET']);
  const secrets = secretReader();
  const context = {
    clock: systemClock,
    log,
    store: tableStore(config.SLIPWAY_TABLE),
    bus: eventBus(config.SLIPWAY_BUS),
    services: serviceDirectory(config.SLIPWAY_SERVICES_PREFIX),
    secrets: () => secrets(config.SLIPWAY_WEBHOOK_SECRET),
  };
  return http(async ({ headers, body, traceId }) => {
    const outcome = await receive({ ...context, traceId }, trigger, { headers, body });
    return { status: outcome.status === 'pong' ? 200 : 202, body: outcome };
  });
}
