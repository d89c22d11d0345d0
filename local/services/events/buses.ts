import { AwsError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';

/** An event bus. */
export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** JSON text. */
  readonly policy: string | undefined;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

/** The buses of one account. The default bus is always there. */
export interface Buses {
  find(nameOrArn: string | undefined): Bus | undefined;
  /** @throws AwsError ResourceNotFoundException */
  get(nameOrArn: string | undefined): Bus;
  list(prefix: string): Bus[];
  save(bus: { name: string; description?: string | undefined; policy?: string | undefined }): Bus;
  delete(name: string): void;
}

/** The name in `name` or `arn:…:event-bus/name`; without one, the default bus. */
export function busName(nameOrArn: string | undefined): string {
  return nameOrArn === undefined ? 'default' : (nameOrArn.split(':event-bus/').at(-1) ?? nameOrArn);
}

/** Opens the table of buses. */
export function openBuses(store: Store, place: { account: string; region: string; nowMs(): number }): Buses {
  const arn = (name: string): string => `arn:aws:events:${place.region}:${place.account}:event-bus/${name}`;
  const find = (name: string): Bus | undefined => {
    const row = store.statement('SELECT * FROM events_buses WHERE name = ?').get(name);
    return row && toBus(row, arn);
  };
  const buses: Buses = {
    find: (nameOrArn) => find(busName(nameOrArn)),
    get(nameOrArn) {
      const bus = find(busName(nameOrArn));
      if (bus) return bus;
      throw new AwsError('ResourceNotFoundException', `Event bus ${busName(nameOrArn)} does not exist.`);
    },
    list: (prefix) =>
      store
        .statement('SELECT * FROM events_buses ORDER BY name')
        .all()
        .map((row) => toBus(row, arn))
        .filter(({ name }) => name.startsWith(prefix)),
    save({ name, description, policy }) {
      const nowMs = place.nowMs();
      store
        .statement(
          `INSERT INTO events_buses (name, description, policy, created_at_ms, modified_at_ms) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET description = excluded.description, policy = excluded.policy,
             modified_at_ms = excluded.modified_at_ms`,
        )
        .run(name, description ?? null, policy ?? null, nowMs, nowMs);
      return buses.get(name);
    },
    delete: (name) => void store.statement('DELETE FROM events_buses WHERE name = ?').run(name),
  };
  if (!find('default')) buses.save({ name: 'default' });
  return buses;
}

function toBus(row: Record<string, unknown>, arn: (name: string) => string): Bus {
  const name = String(row['name']);
  return {
    name,
    arn: arn(name),
    description: text(row['description']),
    policy: text(row['policy']),
    createdAtMs: Number(row['created_at_ms']),
    modifiedAtMs: Number(row['modified_at_ms']),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
