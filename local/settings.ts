import { LocalCloudError } from './errors.ts';
import type { Store } from './store/store.ts';

/** What a folder remembers of the cloud that lives in it. */
export interface FolderSettings {
  /** URLs that were given out contain the port, so a folder keeps it. */
  readonly port: number | undefined;
  /** Cloud time when it was last written down. */
  readonly lastTimeMs: number | undefined;
  savePort(port: number): void;
  saveTime(nowMs: number): void;
  /** Settles account and region at the first start. @throws LocalCloudError if they are others now */
  settle(place: { account: string; region: string }): void;
}

/** Opens the settings of a store. */
export function openSettings(store: Store): FolderSettings {
  store.migrate('cloud', ['CREATE TABLE cloud_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT']);
  const read = (name: string): string | undefined => {
    const row = store.statement('SELECT value FROM cloud_settings WHERE name = ?').get(name);
    return row && String(row['value']);
  };
  const write = (name: string, value: string): void =>
    void store.statement('INSERT OR REPLACE INTO cloud_settings (name, value) VALUES (?, ?)').run(name, value);
  const number = (name: string): number | undefined => {
    const value = read(name);
    return value === undefined ? undefined : Number(value);
  };
  return {
    port: number('port'),
    lastTimeMs: number('time'),
    savePort: (port) => write('port', String(port)),
    saveTime: (nowMs) => write('time', String(nowMs)),
    settle({ account, region }) {
      const place = `${account}/${region}`;
      const known = read('place') ?? place;
      if (known !== place) {
        throw new LocalCloudError(
          `this folder is a cloud of account and region ${known}, the app names ${place}; reset it or choose another folder`,
        );
      }
      write('place', place);
    },
  };
}
