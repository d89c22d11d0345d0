import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

/** What SDK clients put before the host of StartSyncExecution and TestState, whatever the endpoint is. */
const prefix = 'sync-';

/** Lets SDK clients find the local cloud under its own host with their prefix, which no resolver knows. */
export function findPrefixedHost(endpoint: string): void {
  const { hostname } = new URL(endpoint);
  const lookup = dns.lookup;
  const find = (name: string, ...rest: unknown[]): unknown =>
    // The same arguments, however they were typed.
    Reflect.apply(lookup, dns, [name === `${prefix}${hostname}` ? hostname : name, ...rest]) as unknown;
  // It takes what that takes; what it carries for util.promisify stays with it.
  dns.lookup = Object.assign(find, lookup) as unknown as typeof dns.lookup;
  syncBuiltinESMExports();
}
