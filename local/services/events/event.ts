import type { JsonObject } from '../../json.ts';

/** An event as it lies on a bus, in the order of members that AWS writes. */
export type BusEvent = {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: JsonObject;
};

/** A point in time as events carry it: ISO 8601 in whole seconds. */
export function eventTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
