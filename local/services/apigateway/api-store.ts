import { isJsonObject, type JsonObject } from '../../json.ts';
import type { Store } from '../../store/store.ts';

/** The parts of an HTTP API. */
export type PartKind = 'api' | 'stage' | 'route' | 'integration' | 'authorizer';

/** One part as the template declares it. */
export interface ApiPart {
  readonly kind: PartKind;
  readonly apiId: string;
  readonly id: string;
  readonly properties: JsonObject;
}

/** The HTTP APIs of a store. */
export interface ApiStore {
  put(part: ApiPart): void;
  delete(kind: PartKind, apiId: string, id: string): void;
  find(kind: PartKind, apiId: string, id: string): ApiPart | undefined;
  list(kind: PartKind, apiId: string): readonly ApiPart[];
}

/** Opens the tables of HTTP APIs. */
export function openApiStore(store: Store): ApiStore {
  store.migrate('apigateway', [
    `CREATE TABLE apigateway_parts (kind TEXT NOT NULL, api_id TEXT NOT NULL, id TEXT NOT NULL, properties TEXT NOT NULL,
       PRIMARY KEY (kind, api_id, id)) STRICT, WITHOUT ROWID`,
  ]);
  return {
    put({ kind, apiId, id, properties }) {
      store
        .statement('INSERT OR REPLACE INTO apigateway_parts (kind, api_id, id, properties) VALUES (?, ?, ?, ?)')
        .run(kind, apiId, id, JSON.stringify(properties));
    },
    delete(kind, apiId, id) {
      store.statement('DELETE FROM apigateway_parts WHERE kind = ? AND api_id = ? AND id = ?').run(kind, apiId, id);
    },
    find(kind, apiId, id) {
      const row = store
        .statement('SELECT properties FROM apigateway_parts WHERE kind = ? AND api_id = ? AND id = ?')
        .get(kind, apiId, id);
      return row && { kind, apiId, id, properties: parse(row['properties']) };
    },
    list(kind, apiId) {
      const rows = store
        .statement('SELECT id, properties FROM apigateway_parts WHERE kind = ? AND api_id = ? ORDER BY id')
        .all(kind, apiId);
      return rows.map((row) => ({ kind, apiId, id: String(row['id']), properties: parse(row['properties']) }));
    },
  };
}

function parse(text: unknown): JsonObject {
  const value: unknown = JSON.parse(String(text));
  return isJsonObject(value) ? value : {};
}
