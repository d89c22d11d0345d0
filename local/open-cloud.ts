import type { Authorizer } from './authorization/authorizer.ts';
import { openAuthorizer } from './authorization/open-authorizer.ts';
import { createClock, type ClockMode } from './clock/clock.ts';
import { openTimers } from './clock/timers.ts';
import { LocalCloudError } from './errors.ts';
import { openCredentials } from './gateway/credentials.ts';
import { createGateway, type CallRecord } from './gateway/gateway.ts';
import { startHttpServer, type HttpServer } from './gateway/http-server.ts';
import type { Principal } from './gateway/principal.ts';
import type { UnsignedRoute } from './gateway/service.ts';
import { keepTime, tellTimeBehind } from './keep-time.ts';
import { openEvents } from './services/events/service.ts';
import type { CloudContext, OpenService, ServiceModule } from './services/service-module.ts';
import { openCustomResources, type CustomResources } from './template/custom-resource/custom-resource.ts';
import { recordedHelperTypes } from './template/custom-resource/cdk-helpers.ts';
import { openSettings, type FolderSettings } from './settings.ts';
import { isFullDisk } from './store/full-disk.ts';
import { openStore, type Store } from './store/store.ts';
import type { ResourceTypes } from './template/plan.ts';
import { recordedTypes } from './template/recorded-types.ts';

/** What a cloud is opened with, everything decided. */
export interface OpenCloudOptions {
  readonly folder: string;
  readonly port?: number;
  readonly clock: ClockMode;
  readonly account: string;
  readonly region: string;
  readonly report: (line: string) => void;
  readonly onCall?: (call: CallRecord) => void;
  readonly services: readonly OpenService[];
  /** Whether roles and services need the permissions that they need on AWS. */
  readonly isAuthorizing: boolean;
  /** Served beside those of the services. */
  readonly routes?: readonly UnsignedRoute[];
}

/** A cloud whose services are open and whose time does not run yet. */
export interface OpenedCloud {
  readonly context: CloudContext;
  readonly server: HttpServer;
  readonly types: ResourceTypes;
  /** The person at the laptop. */
  readonly user: Principal;
  /** Whether permissions are evaluated: they are unless asked not to, or IAM is not among the services. */
  readonly isAuthorizing: boolean;
  /** Has what people have changed outside of the cloud looked at; see `ServiceModule`. */
  lookOutside(): void;
  /** Starts the services and timers, and begins to answer requests. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the store, the port and every service of a folder that is locked. */
export async function openCloud(options: OpenCloudOptions): Promise<OpenedCloud> {
  const store = openStoreOf(options.folder);
  try {
    const settings = openSettings(store);
    settings.settle(options);
    return await openServices(options, store, settings);
  } catch (error) {
    store.close();
    throw error;
  }
}

function openStoreOf(folder: string): Store {
  try {
    return openStore(folder);
  } catch (error) {
    if (error instanceof LocalCloudError || isFullDisk(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const text = `the store in ${folder} cannot be opened: ${reason}; make it readable and writable, or choose another folder`;
    throw new LocalCloudError(text, { cause: error });
  }
}

async function openServices(options: OpenCloudOptions, store: Store, settings: FolderSettings): Promise<OpenedCloud> {
  const { account, region, folder, report } = options;
  const clock = createClock(options.clock, settings.lastTimeMs);
  tellTimeBehind(clock, settings, report);
  const timers = openTimers(store, clock, report);
  const credentials = openCredentials(store, clock);
  const gateway = createGateway({
    ...{ clock, report, ...(options.onCall ? { onCall: options.onCall } : {}) },
    // Who may do what is known once every service is open; none calls another before.
    authorize: (request, principal) => authorizer?.check(request, principal),
  });
  const port = options.port ?? settings.port ?? 0;
  const server = await startHttpServer({ port, region, gateway, credentials, clock, report });
  settings.savePort(server.port);
  const { endpoint } = server;
  // EventBridge gets the context before its own deliverEvent exists; nothing is sent while services open.
  const context: CloudContext = {
    ...{ account, region, folder, store, clock, timers, gateway, credentials, endpoint, report },
    putMetrics: (data) => modules.find(({ putMetrics }) => putMetrics)?.putMetrics?.(data),
    deliverEvent: (event) => {
      events.deliverEvent(event);
      for (const module of modules) module.hear?.(event);
    },
  };
  const modules: ServiceModule[] = [];
  let events: ReturnType<typeof openEvents>;
  let authorizer: Authorizer | undefined;
  try {
    events = openEvents(context);
    modules.push(events, ...options.services.map((open) => open(context)));
    for (const { api } of modules) if (api) gateway.register(api);
    if (options.isAuthorizing) authorizer = openAuthorizer(modules, context);
  } catch (error) {
    await server.close(0);
    throw error;
  }
  const user: Principal = { kind: 'user', arn: `arn:aws:iam::${account}:user/local` };
  let started: Promise<void> | undefined;
  const serve = (): Promise<void> => (started ??= start(context, server, modules));
  const customResources = openCustomResources({ gateway, endpoint, principal: user, report, serve });
  modules.push({ routes: [customResources.route, ...(options.routes ?? [])] });
  const types = resourceTypes(modules, { account, region }, customResources);
  for (const module of modules) module.useResourceTypes?.(types);
  return {
    context,
    server,
    types,
    user,
    isAuthorizing: authorizer !== undefined,
    lookOutside: () => modules.forEach((module) => module.lookOutside?.()),
    start: serve,
    close: closer({ context, settings, server, modules }),
  };
}

function resourceTypes(
  modules: readonly ServiceModule[],
  place: { account: string; region: string },
  custom: CustomResources,
): ResourceTypes {
  const known = [
    ...recordedTypes(place),
    ...recordedHelperTypes(),
    ...modules.flatMap(({ resources }) => resources ?? []),
  ];
  const byName = new Map(known.map((type) => [type.type, type]));
  const isCustom = (name: string): boolean => /^(Custom::.|AWS::CloudFormation::CustomResource$)/.test(name);
  return {
    has: (name) => byName.has(name) || isCustom(name),
    get: (name) => byName.get(name) ?? (isCustom(name) ? custom.type(name) : undefined),
    keys: () => byName.keys(),
  };
}

async function start(context: CloudContext, server: HttpServer, modules: readonly ServiceModule[]): Promise<void> {
  for (const module of modules) await module.start?.();
  server.open(modules.flatMap(({ routes }) => routes ?? []));
  context.timers.start();
}

function closer(parts: {
  context: CloudContext;
  settings: FolderSettings;
  server: HttpServer;
  modules: readonly ServiceModule[];
}): () => Promise<void> {
  const { context, settings, server, modules } = parts;
  const saveTime = keepTime(context.clock, settings, context.report);
  return async () => {
    const timersStopped = context.timers.stop();
    await server.close();
    for (const module of modules) await module.close?.();
    await timersStopped;
    saveTime();
    context.store.close();
  };
}
