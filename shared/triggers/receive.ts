import { nowAt, type Clock } from '../clock.ts';
import { Conflict, Misconfigured, NotFound, TooLarge, Unauthenticated } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Bus } from '../events/bus.ts';
import type { SlipwayEvent } from '../events/event.ts';
import { releaseIdOf } from '../events/release-id.ts';
import type { Service, ServiceDirectory } from '../services/service.ts';
import type { Store } from '../state/store.ts';
import { keys } from '../state/table.ts';
import type { RawRequest, Reading, Trigger } from './trigger.ts';

/** What receiving needs. */
export interface ReceiveContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Store;
  readonly bus: Bus;
  readonly services: ServiceDirectory;
  /** Every valid secret of this trigger, the current one first. */
  readonly secrets: () => Promise<readonly string[]>;
  /** One id from here to the last message. */
  readonly traceId: string;
}

/** What the sender is told; refusals are thrown. */
export type ReceiveOutcome =
  | { readonly status: 'pong' }
  | { readonly status: 'ignored'; readonly reason: string }
  | { readonly status: 'accepted' | 'duplicate'; readonly releaseId: string; readonly statusPath: string };

/**
 * Turns a webhook into one `release.requested`: verifies the raw bytes, finds the service, looks for the release that the
 * same bytes asked for before, and publishes before it answers. Nothing is written, so a refusal leaves nothing behind.
 */
export async function receive(context: ReceiveContext, trigger: Trigger, request: RawRequest): Promise<ReceiveOutcome> {
  const { id, maxBodyBytes } = trigger.declaration;
  if (request.body.byteLength > maxBodyBytes) {
    throw new TooLarge(`the body has ${request.body.byteLength} bytes; at most ${maxBodyBytes} are read`);
  }
  const verified = trigger.verify(request, await requireSecrets(context, id));
  if (verified !== 'valid') throw new Unauthenticated(verified.refused);
  const reading = trigger.read(request);
  if (reading.kind === 'ping') return { status: 'pong' };
  if (reading.kind === 'ignored') return ignored(context, reading.reason);
  const service = selectService(await context.services.list(), reading);
  if ('ignored' in service) return ignored(context, service.ignored);
  const releaseId = releaseIdOf({ kind: 'signed', provider: id, bytes: request.body });
  const statusPath = `/api/releases/${releaseId}`;
  if (await context.store.read(keys.release(releaseId))) {
    context.log.info('webhook repeated', { releaseId, serviceName: service.name });
    return { status: 'duplicate', releaseId, statusPath };
  }
  await context.bus.publish(requestedBy(reading, { trigger: id, releaseId, service: service.name, context }));
  context.log.info('release requested', { releaseId, serviceName: service.name, traceId: context.traceId });
  return { status: 'accepted', releaseId, statusPath };
}

type Asked = Extract<Reading, { kind: 'asked' }>;

/** The one service that a request means, or why the one it names is not released by it. */
function selectService(services: readonly Service[], reading: Asked): Service | { readonly ignored: string } {
  const matches = services.map((service) => ({ service, match: reading.match(service) }));
  const wanted = matches.filter(({ match }) => match === 'wanted').map(({ service }) => service);
  if (wanted.length > 1) {
    const names = wanted.map(({ name }) => name).join(', ');
    throw new Conflict(`${reading.about} releases ${names} from the same branch; one webhook asks for one release`);
  }
  const [service] = wanted;
  if (service) return service;
  const reasons = matches.flatMap(({ match }) => (typeof match === 'object' ? [match.ignored] : []));
  if (reasons.length > 0) return { ignored: reasons.join('; ') };
  throw new NotFound(`${reading.about} belongs to no service; ${reading.remedy}`);
}

async function requireSecrets({ secrets }: ReceiveContext, id: string): Promise<readonly string[]> {
  const valid = (await secrets()).filter((secret) => secret !== '');
  if (valid.length > 0) return valid;
  throw new Misconfigured(`trigger ${id} has no secret; put one into Secrets Manager`);
}

function ignored({ log }: ReceiveContext, reason: string): ReceiveOutcome {
  log.info('webhook ignored', { reason });
  return { status: 'ignored', reason };
}

function requestedBy(
  { requestedBy, revision, reason, deliveryId }: Asked,
  {
    trigger,
    releaseId,
    service,
    context,
  }: { trigger: string; releaseId: string; service: string; context: ReceiveContext },
): SlipwayEvent {
  return {
    contract: 1,
    id: `${releaseId}/requested`,
    at: nowAt(context.clock),
    type: 'release.requested',
    releaseId,
    service,
    traceId: context.traceId,
    cause: { kind: 'webhook', trigger, ...(deliveryId && { deliveryId }) },
    requestedBy,
    ...(revision && { revision }),
    ...(reason && { reason }),
  };
}
