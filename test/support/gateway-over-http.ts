import { createClock, type CloudClock } from '../../local/clock/clock.ts';
import { openCredentials } from '../../local/gateway/credentials.ts';
import { createGateway, type LocalGateway } from '../../local/gateway/gateway.ts';
import { startHttpServer } from '../../local/gateway/http-server.ts';
import type { CredentialIssuer, Principal } from '../../local/gateway/principal.ts';
import type { ServiceApi, UnsignedRoute } from '../../local/gateway/service.ts';
import { openStore } from '../../local/store/store.ts';

/** The gateway behind an ephemeral port, with credentials of the person at the laptop. */
export interface GatewayOverHttp {
  readonly gateway: LocalGateway;
  readonly credentials: CredentialIssuer;
  readonly clock: CloudClock;
  readonly endpoint: string;
  readonly port: number;
  readonly reported: string[];
  /** What an SDK client is made with. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

/** The person at the laptop. */
export const person: Principal = { kind: 'user', arn: 'arn:aws:iam::123456789012:user/local' };

/** Serves `services` and `routes` on a free port until `close`. The clock is the machine's unless one is given. */
export async function gatewayOverHttp(
  services: readonly ServiceApi[],
  {
    routes = [],
    clock = createClock({ kind: 'real' }),
  }: { routes?: readonly UnsignedRoute[]; clock?: CloudClock } = {},
): Promise<GatewayOverHttp> {
  const store = openStore(':memory:');
  const reported: string[] = [];
  const report = (line: string): void => void reported.push(line);
  const credentials = openCredentials(store, clock);
  const gateway = createGateway({ clock, report });
  for (const service of services) gateway.register(service);
  const server = await startHttpServer({ gateway, credentials, clock, report, region: 'us-east-1', port: 0 });
  server.open(routes);
  return {
    gateway,
    credentials,
    clock,
    endpoint: server.endpoint,
    port: server.port,
    reported,
    client: { endpoint: server.endpoint, region: 'us-east-1', credentials: credentials.issue(person), maxAttempts: 1 },
    async close() {
      await server.close(100);
      store.close();
    },
  };
}
