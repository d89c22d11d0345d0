import type { LocalCloudError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Provisioned } from './resource.ts';

/** A resource of the stack, as far as intrinsics ask for it. */
export interface KnownResource extends Provisioned {
  readonly type: string;
}

/** What the intrinsics of one stack can see. */
export interface Scope {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly stackId: string;
  readonly parameters: ReadonlyMap<string, Json>;
  readonly mappings: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly conditions: Readonly<Record<string, Json>>;
  /** Undefined for a logical id that the template does not have (or whose condition is false). */
  resource(logicalId: string): KnownResource | undefined;
  /** The value that a stack applied earlier exports under this name. */
  exported(name: string): Json | undefined;
}

/** One place in a template that is being resolved. */
export interface Site {
  readonly scope: Scope;
  /** `<logical id>.Properties.…`, `Outputs.…` or `Conditions.…`. */
  readonly path: string;
  /** Resolves a value found below this place. `undefined` stands for AWS::NoValue. */
  resolve(value: Json, step: string): Json | undefined;
  /** The error for this place: stack, logical id and property path come first. */
  problem(what: string): LocalCloudError;
}
