import { randomUUID } from 'node:crypto';
import type { CloudClock } from '../clock/clock.ts';
import { AwsError, isTooDeep, notSupportedLocally } from '../errors.ts';
import { failureText, fullDiskText, isFullDisk } from '../store/full-disk.ts';
import type { Principal } from './principal.ts';
import { checkValue } from './schema/check-value.ts';
import { inputError } from './schema/input-errors.ts';
import { serviceSchemas, type OperationSchema } from './schema/service-schemas.ts';
import type { ApiRequest, Gateway, ServiceApi } from './service.ts';

/** That a call was made, by whom and how it ended. Its input is not kept: inputs carry secrets. */
export interface CallRecord {
  /** The cloud's time when the call came, ISO 8601 UTC. */
  readonly at: string;
  readonly requestId: string;
  readonly service: string;
  readonly operation: string;
  readonly principal: Principal;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
}

/** The gateway of one local cloud, as whoever puts the cloud together sees it. */
export interface LocalGateway extends Gateway {
  /** Adds a service. Services open after the gateway exists, since they call each other through it. */
  register(api: ServiceApi): void;
  /** `handle` under a request id that the caller has chosen (HTTP answers with it). */
  serve(request: ApiRequest, principal: Principal, requestId: string): Promise<unknown>;
  /** The last calls, oldest first. */
  recentCalls(): readonly CallRecord[];
}

/** What a gateway needs. */
export interface GatewayOptions {
  readonly clock: CloudClock;
  /** One line for the person at the laptop: a handler that failed. */
  readonly report: (line: string) => void;
  /** Told of every call before its handler is. @throws AwsError for a call that the principal may not make */
  readonly authorize?: (request: ApiRequest, principal: Principal) => void;
  /** How many calls `recentCalls` remembers; 1,000 by default. */
  readonly callsKeptCount?: number;
  /** Told of every call when it has ended. */
  readonly onCall?: (call: CallRecord) => void;
}

/** Makes the one door to all services. */
export function createGateway(options: GatewayOptions): LocalGateway {
  const services = new Map<string, ServiceApi>();
  const calls: CallRecord[] = [];
  const keptCount = options.callsKeptCount ?? 1_000;

  const record = (call: CallRecord): void => {
    calls.push(call);
    if (calls.length > keptCount) calls.shift();
    options.onCall?.(call);
  };

  const serve: LocalGateway['serve'] = async (request, principal, requestId) => {
    const { service, operation } = request;
    const begun = { at: new Date(options.clock.nowMs()).toISOString(), requestId, service, operation, principal };
    try {
      const output = await answer({ services, authorize: options.authorize }, request, { principal, requestId });
      record({ ...begun, outcome: 'ok' });
      return output;
    } catch (cause) {
      const error = documented(cause, request, options.report);
      record({ ...begun, outcome: error.code });
      throw error;
    }
  };

  return {
    describe: (service) => services.get(service),
    handle: (request, principal) => serve(request, principal, randomUUID()),
    serve,
    recentCalls: () => [...calls],
    register(api) {
      if (services.has(api.name)) throw new Error(`two services are called ${api.name}`);
      services.set(api.name, api);
    },
  };
}

interface Door {
  readonly services: ReadonlyMap<string, ServiceApi>;
  readonly authorize: GatewayOptions['authorize'];
}

async function answer(
  { services, authorize }: Door,
  request: ApiRequest,
  call: { principal: Principal; requestId: string },
): Promise<unknown> {
  const api = services.get(request.service);
  if (!api) throw notSupportedLocally(`the service ${request.service}`);
  const operation = serviceSchemas(api).operations.get(request.operation);
  if (!operation) {
    throw new AwsError('UnknownOperationException', `${request.service} has no operation ${request.operation}`);
  }
  const handler = Object.hasOwn(api.operations, operation.name) ? api.operations[operation.name] : undefined;
  if (!handler) throw notSupportedLocally(`${request.service}:${operation.name}`);
  const input = checkValue(operation.input, request.input ?? {});
  if (input.problems.length > 0) throw inputError(api, operation.input, input.problems);
  authorize?.({ service: api.name, operation: operation.name, input: input.value }, call.principal);
  // The operation's own schema has accepted the input, and `defineService` tied the handler's type to that schema.
  const output = await handler(input.value as never, call);
  return checkedOutput(operation, output);
}

function checkedOutput(operation: OperationSchema, output: unknown): unknown {
  const { value, problems } = checkValue(operation.output, output ?? {});
  if (problems.length === 0) return value;
  const each = problems.map((problem) =>
    problem.kind === 'missing'
      ? `${problem.path.join('.')} is missing`
      : `${problem.path.join('.')} must be ${problem.expected}, got ${problem.got}`,
  );
  throw new Error(`the answer does not fit the API: ${each.join('; ')}`);
}

/** Clients try again by themselves after this one. */
function unavailable(message: string): AwsError {
  return new AwsError('ServiceUnavailable', message, { httpStatus: 503 });
}

function documented(cause: unknown, request: ApiRequest, report: (line: string) => void): AwsError {
  if (cause instanceof AwsError) return cause;
  if (isTooDeep(cause))
    return new AwsError('ValidationException', 'The request holds a value that is nested too deeply');
  report(`${request.service}:${request.operation} failed: ${failureText(cause)}`);
  if (isFullDisk(cause)) return unavailable(fullDiskText);
  return new AwsError(
    'InternalFailure',
    `${request.service}:${request.operation} failed in the local cloud; its log says why`,
    {
      httpStatus: 500,
    },
  );
}
