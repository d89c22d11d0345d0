import type { AnyPermissionTable } from '../authorization/permission.ts';
import type { FindDocument } from '../authorization/resource-policies.ts';
import type { RoleIdentities } from '../authorization/role-identity.ts';
import type { CredentialIssuer } from '../gateway/principal.ts';
import type { Gateway, ServiceApi, UnsignedRoute } from '../gateway/service.ts';
import type { CloudClock } from '../clock/clock.ts';
import type { Timers } from '../clock/timers.ts';
import type { JsonObject } from '../json.ts';
import type { Store } from '../store/store.ts';
import type { ResourceTypes } from '../template/plan.ts';
import type { ResourceType } from '../template/resource.ts';

/** What every service is given. */
export interface CloudContext {
  /** The account of this local cloud, 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Where bodies, logs and secrets lie (`.slipway/`); a service keeps to a folder of its own name below it. */
  readonly folder: string;
  readonly store: Store;
  readonly clock: CloudClock;
  readonly timers: Timers;
  readonly gateway: Gateway;
  readonly credentials: CredentialIssuer;
  /** `http://127.0.0.1:PORT`, without a slash at the end; known before any service is opened. */
  readonly endpoint: string;
  /** Puts an event that AWS itself sends on the default bus, in the open transaction if there is one. */
  deliverEvent(event: ServiceEvent): void;
  /** Hands values of metrics that AWS itself keeps to CloudWatch, in the open transaction if there is one. */
  putMetrics(data: readonly ServiceMetric[]): void;
  /** One line for the person at the laptop. */
  report(line: string): void;
}

/** One value of a metric of an AWS service (`AWS/Lambda`), seen now. */
export interface ServiceMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An event of an AWS service. What it leaves out the bus adds: a new id, this account and region, the time now. */
export interface ServiceEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
  /** ISO 8601 in whole seconds, as AWS writes it. */
  readonly time?: string;
  readonly id?: string;
  readonly account?: string;
  readonly region?: string;
}

/** A service of the local cloud: one folder below `services/`, one `open…` function. */
export interface ServiceModule {
  readonly api?: ServiceApi;
  /** Which permissions each operation of `api` needs: a row for every one, else roles may not call it. */
  readonly permissions?: AnyPermissionTable;
  /** The policy that stands on a resource, by its ARN. */
  readonly resourcePolicy?: FindDocument;
  /** The roles of the cloud: IAM has them. */
  readonly identities?: RoleIdentities;
  readonly resources?: readonly ResourceType[];
  readonly routes?: readonly UnsignedRoute[];
  /** Takes the metrics that the services keep; CloudWatch alone has it. */
  putMetrics?(data: readonly ServiceMetric[]): void;
  /** Told once what resource types there are, when every service is open; CloudFormation alone needs it. */
  useResourceTypes?(types: ResourceTypes): void;
  /** Told of every event that an AWS service puts on the default bus, in the transaction that puts it. */
  hear?(event: ServiceEvent): void;
  /** Called once when every service is open and the template has been applied, before timers run. */
  start?(): void | Promise<void>;
  /**
   * Called before a virtual clock is moved on: has looked at what people have changed outside of the cloud, which other
   * clocks look at in the person's time.
   */
  lookOutside?(): void;
  /** Ends threads and connections; durable state stays. */
  close?(): Promise<void> | void;
}

/** Opens a service: makes its tables, names its timers. It calls no other service before `start`. */
export type OpenService = (context: CloudContext) => ServiceModule;
