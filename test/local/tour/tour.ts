import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import { compatibilities } from '../../../local/compatibility.ts';
import type { JsonObject } from '../../../local/json.ts';
import { testStartMs } from '../../support/cloud-context.ts';

interface SdkClient {
  destroy(): void;
  readonly middlewareStack: object;
}
type MakeClient<Client> = new (config: ClientConfig) => Client;
interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  readonly systemClockOffset: number;
  readonly [option: string]: unknown;
}

/** What a visit has beside the client of its service. */
export interface World {
  /** A whole local cloud under a virtual clock. */
  readonly cloud: LocalCloud;
  /** The client of another service; its calls are not counted. */
  client<Other extends SdkClient>(make: MakeClient<Other>): Other;
}

/** Where a tour goes. */
export interface TourOptions<Client> {
  /** The gateway's name of the service. */
  readonly service: string;
  readonly client: MakeClient<Client>;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Resources of a template that the cloud starts with. */
  readonly resources?: JsonObject;
  /** Operations that have no answer here but a documented error: calling them counts. */
  readonly onlyRefusing?: readonly string[];
}

/** One sitting at a service, with resources of its own: it goes on alone, and in any order. */
export type Visit<Client> = (client: Client, world: World) => Promise<void>;

/**
 * Calls a service through its real SDK client and HTTP. Each visit is a test by its title; one more test says which
 * operations that are answered no visit has called with success.
 */
export function tour<Client extends SdkClient>(
  options: TourOptions<Client>,
  visits: Readonly<Record<string, Visit<Client>>>,
): void {
  const { service } = options;
  describe(`every operation of ${service} that is answered`, () => {
    const called = new Set<string>();
    const running = new Map<string, Promise<void>>();
    let folder: string;
    let world: World & { close(): Promise<void> };
    let client: Client;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'slipway-tour-'));
      world = await openWorld(folder, options);
      client = world.client(options.client);
      recordCalls(client, called, options.onlyRefusing ?? []);
    });
    afterAll(async () => {
      await Promise.allSettled(running.values());
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    });

    // A visit runs once, for its own test or for the one that counts, whichever comes first.
    const make = (title: string, visit: Visit<Client>): Promise<void> => {
      const run = running.get(title) ?? visit(client, world);
      running.set(title, run);
      return run;
    };

    it.each(Object.entries(visits))('%s', (title, visit) => make(title, visit));

    it('is called by a visit', async () => {
      for (const [title, visit] of Object.entries(visits)) await make(title, visit).catch(() => undefined);
      const answered = answeredBy(service, world.cloud);
      expect(answered.length).toBeGreaterThan(0);
      expect(answered.filter((operation) => !called.has(operation)).toSorted()).toEqual([]);
    });
  });
}

/** The operations that `docs/compatibility.md` does not say no to. */
function answeredBy(service: string, cloud: LocalCloud): string[] {
  const { refused = [] } = compatibilities.find(({ id, apiName = id }) => apiName === service) ?? {};
  const refusedNames = new Set(refused.flatMap(({ operations }) => operations));
  return Object.keys(cloud.gateway.describe(service)?.operations ?? {}).filter((name) => !refusedNames.has(name));
}

async function openWorld(folder: string, options: Pick<TourOptions<unknown>, 'resources' | 'config'>) {
  const { resources, config = {} } = options;
  const cloud = await startLocalCloud({
    folder: join(folder, '.slipway'),
    clock: { kind: 'virtual', startMs: testStartMs },
    report: () => undefined,
    ...(resources && { app: writeApp(folder, resources) }),
  });
  const clients: SdkClient[] = [];
  const common: ClientConfig = {
    ...{ endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.credentials },
    ...{ maxAttempts: 1, systemClockOffset: testStartMs - Date.now(), ...config },
  };
  return {
    cloud,
    client<Client extends SdkClient>(make: MakeClient<Client>): Client {
      const client = new make(common);
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.destroy();
      await cloud.stop();
    },
  };
}

function writeApp(folder: string, resources: JsonObject): string {
  const out = join(folder, 'cdk.out');
  mkdirSync(out);
  writeFileSync(join(out, 'Tour.template.json'), JSON.stringify({ Resources: resources }));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://123456789012/us-east-1',
    properties: { templateFile: 'Tour.template.json' },
  };
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ version: '1.0', artifacts: { Tour: stack } }));
  return out;
}

type Next = (args: unknown) => Promise<unknown>;
interface MiddlewareStack {
  add(
    middleware: (next: Next, context: { readonly commandName?: string }) => Next,
    place: { readonly step: 'initialize'; readonly name: string },
  ): void;
}

/** Notes each operation that the client has called with success, or with an error that is all it answers. */
function recordCalls({ middlewareStack }: SdkClient, called: Set<string>, onlyRefusing: readonly string[]): void {
  // Every client's stack takes middleware like this; its own type names the client's inputs and outputs.
  const stack = middlewareStack as MiddlewareStack;
  const note = (next: Next, { commandName = '' }: { readonly commandName?: string }): Next => {
    const operation = commandName.replace(/Command$/, '');
    return async (args) => {
      try {
        const result = await next(args);
        called.add(operation);
        return result;
      } catch (error) {
        const isDocumented = error instanceof Error && error.name !== 'NotImplemented';
        if (isDocumented && onlyRefusing.includes(operation)) called.add(operation);
        throw error;
      }
    };
  };
  stack.add(note, { step: 'initialize', name: 'tour' });
}
