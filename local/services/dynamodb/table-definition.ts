import type {
  AttributeDefinition,
  CreateTableInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
} from '@aws-sdk/client-dynamodb';
import { notSupportedLocally } from '../../errors.ts';
import { constraintError, validationError } from './errors.ts';
import type { TableDefinition } from './table.ts';

const maxGlobalIndexCount = 20;
const maxLocalIndexCount = 5;

/**
 * Reads what CreateTable asks for.
 * @throws ValidationException with DynamoDB's text, NotImplemented for streams and resource policies
 */
export function readDefinition(input: CreateTableInput): TableDefinition {
  refuseUnsupported(input);
  const billingMode = input.BillingMode ?? 'PROVISIONED';
  checkThroughput(input, billingMode);
  const definition: TableDefinition = {
    attributes: input.AttributeDefinitions ?? [],
    keySchema: input.KeySchema ?? [],
    globalIndexes: input.GlobalSecondaryIndexes ?? [],
    localIndexes: input.LocalSecondaryIndexes ?? [],
    billingMode,
    ...(input.ProvisionedThroughput && { throughput: input.ProvisionedThroughput }),
    ...(input.TableClass && { tableClass: input.TableClass }),
    isProtected: input.DeletionProtectionEnabled === true,
    hasPointInTimeRecovery: false,
    tags: input.Tags ?? [],
  };
  if (input.LocalSecondaryIndexes?.length === 0) throw invalid('List of LocalSecondaryIndexes is empty');
  if (input.GlobalSecondaryIndexes?.length === 0) throw invalid('List of GlobalSecondaryIndexes is empty');
  checkDefinition(definition);
  return definition;
}

function refuseUnsupported(input: CreateTableInput): void {
  if (input.StreamSpecification?.StreamEnabled) throw notSupportedLocally('dynamodb: StreamSpecification (streams)');
  if (input.ResourcePolicy !== undefined) throw notSupportedLocally('dynamodb: ResourcePolicy');
}

function checkThroughput(input: CreateTableInput, billingMode: string): void {
  const { ProvisionedThroughput: throughput } = input;
  if (billingMode === 'PAY_PER_REQUEST' && throughput) {
    throw invalid(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (billingMode === 'PROVISIONED' && !throughput) {
    throw invalid('ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED');
  }
}

/**
 * Checks keys, attribute definitions and indexes against each other.
 * @throws ValidationException
 */
export function checkDefinition(definition: TableDefinition): void {
  const { attributes, keySchema, globalIndexes, localIndexes } = definition;
  for (const { AttributeName: name = '', AttributeType: type = '' } of attributes) {
    if (name === '')
      throw constraintError('attributeDefinitions', name, 'Member must have length greater than or equal to 1');
    if (['S', 'N', 'B'].includes(type)) continue;
    throw constraintError(
      'attributeDefinitions.member.attributeType',
      type,
      'Member must satisfy enum value set: [B, N, S]',
    );
  }
  checkKeySchema(keySchema, attributes, 'some key attributes');
  if (localIndexes.length > 0 && keySchema.length < 2) {
    throw invalid('Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex');
  }
  for (const index of localIndexes) checkLocalIndex(index, definition);
  for (const index of globalIndexes) checkIndex(index, attributes);
  checkIndexCounts(definition);
  checkAllUsed(definition);
}

function checkLocalIndex(index: LocalSecondaryIndex, { attributes, keySchema }: TableDefinition): void {
  checkIndex(index, attributes);
  if (index.KeySchema?.length !== 2) {
    throw invalid(`Index KeySchema does not have a range key for index: ${index.IndexName}`);
  }
  if (index.KeySchema[0]?.AttributeName === keySchema[0]?.AttributeName) return;
  throw invalid(
    `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.IndexName}. ` +
      `index hash key: ${index.KeySchema[0]?.AttributeName}, table hash key: ${keySchema[0]?.AttributeName}`,
  );
}

function checkIndex(index: GlobalSecondaryIndex, attributes: readonly AttributeDefinition[]): void {
  const name = index.IndexName ?? '';
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) {
    throw constraintError('indexName', name, 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  }
  checkKeySchema(index.KeySchema ?? [], attributes, 'some index key attributes');
  checkIndexProjection(index.Projection);
}

function checkIndexProjection(projection: Projection | undefined): void {
  const { ProjectionType: type, NonKeyAttributes: names } = projection ?? {};
  if (type === undefined) throw invalid('Unknown ProjectionType: null');
  if (type !== 'INCLUDE' && names) throw invalid(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  if (type === 'INCLUDE' && !names?.length) {
    throw invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
}

function checkKeySchema(
  schema: readonly KeySchemaElement[],
  attributes: readonly AttributeDefinition[],
  what: 'some key attributes' | 'some index key attributes',
): void {
  const [first, second, third] = schema;
  if (!first) throw constraintError('keySchema', '[]', 'Member must have length greater than or equal to 1');
  if (third) throw constraintError('keySchema', '[…]', 'Member must have length less than or equal to 2');
  const defined = attributes.map((attribute) => attribute.AttributeName);
  const keys = schema.map((element) => element.AttributeName);
  if (keys.some((key) => !defined.includes(key))) {
    throw invalid(
      `${what.replace('some', 'Some')} are not defined in AttributeDefinitions. ` +
        `Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  }
  if (first.AttributeName === second?.AttributeName) {
    throw validationError('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (first.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second && second.KeyType !== 'RANGE') {
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
}

function checkIndexCounts({ globalIndexes, localIndexes }: TableDefinition): void {
  const names = [...globalIndexes, ...localIndexes].map((index) => index.IndexName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw invalid(`Duplicate index name: ${twice}`);
  if (localIndexes.length > maxLocalIndexCount) {
    throw invalid('Number of LocalSecondaryIndexes exceeds per-table limit of 5');
  }
  if (globalIndexes.length > maxGlobalIndexCount) {
    throw invalid('GlobalSecondaryIndex count exceeds the per-table limit of 20');
  }
}

function checkAllUsed({ attributes, keySchema, globalIndexes, localIndexes }: TableDefinition): void {
  const indexes = [...globalIndexes, ...localIndexes];
  const used = new Set(
    [keySchema, ...indexes.map((index) => index.KeySchema ?? [])].flat().map((key) => key.AttributeName),
  );
  const defined = attributes.map((attribute) => attribute.AttributeName);
  if (defined.every((name) => used.has(name)) && defined.length === used.size) return;
  throw invalid(
    indexes.length === 0
      ? 'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions'
      : `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...used].join(', ')}]`,
  );
}

function invalid(reason: string): Error {
  return validationError(`One or more parameter values were invalid: ${reason}`);
}
