import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createClock, type CloudClock } from '../../local/clock/clock.ts';
import { openTimers, type Timers } from '../../local/clock/timers.ts';
import { AwsError, notSupportedLocally } from '../../local/errors.ts';
import type { AwsCredentials, CredentialIssuer, Principal } from '../../local/gateway/principal.ts';
import type { ApiRequest, Gateway, ServiceApi } from '../../local/gateway/service.ts';
import type { CloudContext, OpenService, ServiceEvent, ServiceModule } from '../../local/services/service-module.ts';
import { openStore, type Store } from '../../local/store/store.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../local/template/resource.ts';
import type { JsonObject } from '../../local/json.ts';

/** 2026-01-05T09:00:00Z, a Monday: where the virtual clock of tests starts. */
export const testStartMs = Date.UTC(2026, 0, 5, 9);

/** Some services of the local cloud, without the gateway's wire protocols, under a virtual clock. */
export interface TestCloud {
  readonly context: CloudContext;
  readonly store: Store;
  readonly clock: CloudClock;
  readonly timers: Timers;
  /** Every event that a service delivered to the default bus, unless `eventsService` took them. */
  readonly delivered: ServiceEvent[];
  /** Every line reported to the person. */
  readonly reported: string[];
  /** Every call that passed the gateway, oldest first. */
  readonly calls: { request: ApiRequest; principal: Principal }[];
  /** Makes a call as the person at the laptop. */
  call<Output = Record<string, unknown>>(service: string, operation: string, input: object): Promise<Output>;
  /** Replaces an operation (or adds one of a service that is not opened). */
  answer(service: string, operation: string, handler: (input: never, principal: Principal) => unknown): void;
  /** Provisions one resource as a template would. */
  provision(type: string, logicalId: string, properties: JsonObject): Promise<Provisioned>;
  /** Moves the virtual clock on by `ms`, running every timer on the way. */
  advance(ms: number): Promise<void>;
  /** Ends the process as a kill would and starts the same services over the same store. */
  restart(): Promise<TestCloud>;
  close(): Promise<void>;
}

/** What a test cloud is made of. */
export interface TestCloudOptions {
  readonly services: readonly OpenService[];
  readonly store?: Store;
  readonly folder?: string;
  readonly startMs?: number;
  /** Finds assets for `ResourceContext.assetPath`. */
  readonly assetPath?: (bucket: string, key: string) => string;
}

/** Opens services over an in-memory store with a virtual clock. */
export async function testCloud(options: TestCloudOptions): Promise<TestCloud> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'slipway-test-'));
  const store = options.store ?? openStore(':memory:');
  const clock = createClock({ kind: 'virtual', startMs: options.startMs ?? testStartMs });
  const reported: string[] = [];
  const timers = openTimers(store, clock, (problem) => reported.push(problem));
  const delivered: ServiceEvent[] = [];
  const calls: TestCloud['calls'] = [];
  const answers = new Map<string, (input: never, principal: Principal) => unknown>();
  const modules: ServiceModule[] = [];
  const gateway = directGateway(modules, answers, calls);
  const context: CloudContext = {
    account: '123456789012',
    region: 'us-east-1',
    folder,
    store,
    clock,
    timers,
    gateway,
    credentials: memoryCredentials(),
    endpoint: 'http://127.0.0.1:4566',
    putMetrics: (data) => modules.find(({ putMetrics }) => putMetrics)?.putMetrics?.(data),
    deliverEvent: (event) => {
      delivered.push(event);
      for (const module of modules) module.hear?.(event);
    },
    report: (line) => void reported.push(line),
  };
  for (const open of options.services) modules.push(open(context));
  const cloud: TestCloud = {
    context,
    store,
    clock,
    timers,
    delivered,
    reported,
    calls,
    call: async (service, operation, input) =>
      // The caller names the output type of the operation it calls.
      (await gateway.handle({ service, operation, input }, testUser)) as never,
    answer: (service, operation, handler) => void answers.set(`${service}.${operation}`, handler),
    provision: async (type, logicalId, properties) =>
      resourceType(modules, type).create(properties, resourceContext(logicalId, options.assetPath)),
    advance: async (ms) => {
      for (const module of modules) module.lookOutside?.();
      await timers.advanceTo(clock.nowMs() + ms);
    },
    restart: async () => {
      await close(timers, modules);
      return testCloud({ ...options, store, folder, startMs: clock.nowMs() });
    },
    close: async () => {
      await close(timers, modules);
      store.close();
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
  const types = new Map(modules.flatMap(({ resources = [] }) => resources).map((type) => [type.type, type]));
  for (const module of modules) module.useResourceTypes?.(types);
  for (const module of modules) await module.start?.();
  timers.start();
  return cloud;
}

/** The person at the laptop. */
export const testUser: Principal = { kind: 'user', arn: 'arn:aws:iam::123456789012:user/local' };

async function close(timers: Timers, modules: readonly ServiceModule[]): Promise<void> {
  const stopped = timers.stop();
  for (const module of modules) await module.close?.();
  await stopped;
}

function directGateway(
  modules: readonly ServiceModule[],
  answers: ReadonlyMap<string, (input: never, principal: Principal) => unknown>,
  calls: TestCloud['calls'],
): Gateway {
  const find = (service: string): ServiceApi | undefined => modules.find((module) => module.api?.name === service)?.api;
  return {
    describe: find,
    async handle(request, principal) {
      calls.push({ request, principal });
      const answer = answers.get(`${request.service}.${request.operation}`);
      // Tests pass the input that the operation's type asks for.
      if (answer) return answer(request.input as never, principal);
      const handler = find(request.service)?.operations[request.operation];
      if (!handler) throw notSupportedLocally(`${request.service}:${request.operation}`);
      return handler(request.input as never, { principal, requestId: 'test-request' });
    },
  };
}

function memoryCredentials(): CredentialIssuer {
  const issued = new Map<string, { principal: Principal; secretAccessKey: string; sessionToken?: string }>();
  return {
    issue(principal): AwsCredentials {
      const known = [...issued].find(([, entry]) => entry.principal.arn === principal.arn);
      if (known) return { accessKeyId: known[0], secretAccessKey: known[1].secretAccessKey };
      const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
      const secretAccessKey = randomBytes(20).toString('hex');
      issued.set(accessKeyId, { principal, secretAccessKey });
      return { accessKeyId, secretAccessKey };
    },
    find: (accessKeyId) => issued.get(accessKeyId),
  };
}

function resourceType(modules: readonly ServiceModule[], type: string): ResourceType {
  const found = modules.flatMap((module) => module.resources ?? []).find((resource) => resource.type === type);
  if (!found) throw new AwsError('UnknownResourceType', `no opened service provides ${type}`);
  return found;
}

function resourceContext(logicalId: string, assetPath: TestCloudOptions['assetPath']): ResourceContext {
  return {
    logicalId,
    stackName: 'test',
    stackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/test/1',
    generateName: (maxLength, { lowerCase = false } = {}) => {
      const name = `test-${logicalId}-1234abcd`.slice(-maxLength);
      return lowerCase ? name.toLowerCase() : name;
    },
    assetPath: (bucket, key) => {
      if (!assetPath) throw new Error(`the test has no asset ${bucket}/${key}`);
      return assetPath(bucket, key);
    },
  };
}
