import type {
  AttributeDefinition,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
  ProvisionedThroughput,
  Tag,
} from '@aws-sdk/client-dynamodb';

/** An attribute that is part of a key. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** The key of a table or an index. */
export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort?: KeyAttribute;
}

/** What a table is defined by, as it is stored. */
export interface TableDefinition {
  readonly attributes: readonly AttributeDefinition[];
  readonly keySchema: readonly KeySchemaElement[];
  readonly globalIndexes: readonly GlobalSecondaryIndex[];
  readonly localIndexes: readonly LocalSecondaryIndex[];
  readonly billingMode: 'PAY_PER_REQUEST' | 'PROVISIONED';
  readonly throughput?: ProvisionedThroughput;
  readonly tableClass?: string;
  readonly isProtected: boolean;
  readonly hasPointInTimeRecovery: boolean;
  readonly ttlAttribute?: string | undefined;
  readonly tags: readonly Tag[];
}

/** A secondary index of a table that exists. */
export interface TableIndex {
  /** Its number in the store. */
  readonly id: number;
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly key: KeySchema;
  /** The attributes that it projects; undefined if all. */
  readonly projected: ReadonlySet<string> | undefined;
}

/** A table that exists. */
export interface Table {
  /** Its number in the store; a table made again under the same name has another. */
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly uuid: string;
  readonly createdAtMs: number;
  readonly definition: TableDefinition;
  readonly key: KeySchema;
  readonly indexes: readonly TableIndex[];
}

/** The key that a schema describes; the definitions have been checked. */
export function keyOf(
  schema: readonly KeySchemaElement[] | undefined,
  attributes: readonly AttributeDefinition[],
): KeySchema {
  const attributeOfKind = (kind: string): KeyAttribute | undefined => {
    const name = schema?.find((element) => element.KeyType === kind)?.AttributeName;
    const type = attributes.find((attribute) => attribute.AttributeName === name)?.AttributeType;
    return name !== undefined && (type === 'S' || type === 'N' || type === 'B') ? { name, type } : undefined;
  };
  const partition = attributeOfKind('HASH');
  const sort = attributeOfKind('RANGE');
  if (!partition) throw new Error('a key schema without a partition key');
  return { partition, ...(sort && { sort }) };
}

/** The attributes of a key, partition first. */
export function keyAttributes(key: KeySchema): readonly KeyAttribute[] {
  return key.sort ? [key.partition, key.sort] : [key.partition];
}

/** What an index projects: undefined for everything, else the names, keys of index and table included. */
export function projectedAttributes(
  projection: Projection | undefined,
  ...keys: readonly KeySchema[]
): ReadonlySet<string> | undefined {
  if (projection?.ProjectionType === 'ALL') return undefined;
  const names = keys.flatMap(keyAttributes).map((attribute) => attribute.name);
  return new Set([...names, ...(projection?.NonKeyAttributes ?? [])]);
}
