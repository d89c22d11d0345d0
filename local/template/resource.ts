import type { Json, JsonObject } from '../json.ts';

/** What a resource type's functions know of the resource they make. */
export interface ResourceContext {
  readonly logicalId: string;
  readonly stackName: string;
  readonly stackId: string;
  /** What the resource was made from until now; at an update only. */
  readonly propertiesBefore?: JsonObject;
  /**
   * The name that CloudFormation would generate (`<stack>-<logical id>-<hash>`), cut to `maxLength`; the same for the
   * same stack and logical id at every start.
   */
  generateName(maxLength: number, options?: { lowerCase?: boolean }): string;
  /** The folder or zip of a file asset of this `cdk.out`, by the bucket and key that the template names. */
  assetPath(bucket: string, key: string): string;
}

/** A resource that exists: what `Ref` and `Fn::GetAtt` give. */
export interface Provisioned {
  /** The value of `Ref`. */
  readonly physicalId: string;
  /** The values of `Fn::GetAtt`, by attribute name. */
  readonly attributes: Readonly<Record<string, Json>>;
}

/**
 * One CloudFormation resource type. Properties come with every intrinsic resolved. All three functions are safe to call
 * again after a crash in the middle.
 */
export interface ResourceType {
  /** E.g. `AWS::Lambda::Function`. */
  readonly type: string;
  /** True for a type that is kept and answers `Ref` and `GetAtt`, but does nothing locally. */
  readonly recordedOnly?: boolean;
  /** Why, where it is not plain: shown beside the type. */
  readonly recordedBecause?: string;
  /** Why a template may not have this type here; it is refused before anything is touched. */
  readonly refusedBecause?: string;
  /** True if an update that answers another physical id has made a new resource, and the old one is to be deleted. */
  readonly namedByAnswer?: boolean;
  /** Properties whose change makes a new resource (CloudFormation: "Update requires: Replacement"). */
  readonly replacedBy?: readonly string[];
  /** False if the type had no behaviour yet when the folder recorded the resource: it is updated without a change. */
  isMade?(current: Provisioned): boolean;
  create(properties: JsonObject, context: ResourceContext): Promise<Provisioned> | Provisioned;
  update(current: Provisioned, properties: JsonObject, context: ResourceContext): Promise<Provisioned> | Provisioned;
  delete(current: Provisioned, properties: JsonObject, context: ResourceContext): Promise<void> | void;
}
