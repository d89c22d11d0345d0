import type { JsonObject } from '../json.ts';
import type { KnownResource } from './scope.ts';

/** A resource that an earlier apply made, as the store holds it. */
export interface RecordedResource extends KnownResource {
  readonly stackName: string;
  readonly logicalId: string;
  /** With intrinsics resolved and dynamic references left as text. */
  readonly properties: JsonObject;
  /** Counts replacements; part of the generated name, so that old and new can exist side by side. */
  readonly generation: number;
  /** What asset files it was made from: path by `bucket/key`. */
  readonly assets: Readonly<Record<string, string>>;
  readonly deletionPolicy: string;
}

/** A resource that is no longer in the template, or was replaced, and is still to be deleted. */
export interface Leftover extends KnownResource {
  readonly sequence: number;
  readonly stackName: string;
  readonly logicalId: string;
  readonly generation: number;
  readonly properties: JsonObject;
}
