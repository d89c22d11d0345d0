import type { World } from './world.ts';

/** A request as an SDK client would send it, without what signing adds. */
export interface Recorded {
  /** The signing name; undefined for a request that nobody signs. */
  readonly service: string | undefined;
  /** For messages: `GetItem`. */
  readonly operation: string;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the SDK's clients are made with, and where their requests are written down. */
export interface Recorder {
  readonly requests: Recorded[];
  /** Waits for what the requests have begun. */
  settled(): Promise<void>;
  /** Makes a client whose requests are recorded under the signing name `service`. */
  client<C extends Recordable>(service: string, construct: new (options: ClientOptions) => C): C;
}

/** The part of an SDK client that recording needs. */
interface Recordable {
  readonly middlewareStack: {
    add(middleware: never, options: { step: 'finalizeRequest'; priority: 'low'; name: string }): void;
  };
}

interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  readonly maxAttempts: number;
  readonly forcePathStyle: boolean;
}

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Next = (args: { request: SdkRequest }) => Promise<unknown>;

const unwanted = /^(authorization|host|user-agent|content-length|x-amz-user-agent|x-amz-date|amz-sdk-.*|expect)$/;

/** Records what clients of `world` send; each call must be answered, for only valid requests are worth breaking. */
export function recorder(world: World): Recorder {
  const requests: Recorded[] = [];
  const { endpoint, region, credentials } = world.cloud;
  const options = { endpoint, region, credentials: { ...credentials }, maxAttempts: 1, forcePathStyle: true };
  return {
    requests,
    settled: () => world.cloud.settled(),
    client(service, construct) {
      const client = new construct(options);
      const middleware =
        (next: Next, { commandName = '' }: { commandName?: string }) =>
        (args: { request: SdkRequest }): Promise<unknown> => {
          requests.push(recorded(service, commandName.replace(/Command$/, ''), args.request));
          return next(args);
        };
      // The stack's own type depends on the client's input and output types, which this middleware does not look at.
      client.middlewareStack.add(middleware as never, { step: 'finalizeRequest', priority: 'low', name: 'record' });
      return client;
    },
  };
}

function recorded(service: string, operation: string, request: SdkRequest): Recorded {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) query.append(name, String(one));
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    service,
    operation,
    method: request.method,
    path: `${request.path}${query.size > 0 ? `?${query.toString()}` : ''}`,
    headers: Object.fromEntries(headers.filter(([name]) => !unwanted.test(name))),
    body: bytes(request.body),
  };
}

function bytes(body: unknown): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  throw new Error('the recorder wants bodies of text or bytes');
}
