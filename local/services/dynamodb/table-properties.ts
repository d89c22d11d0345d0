import type { CreateTableInput, Tag } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';

/** What a table resource asks for, in the words of the API. */
export interface TableProperties {
  /** `TableName` is absent if CloudFormation makes it up. */
  readonly table: Omit<CreateTableInput, 'TableName'> & { readonly TableName?: string };
  readonly ttlAttribute: string | undefined;
  readonly hasPointInTimeRecovery: boolean;
}

// CloudFormation takes numbers and booleans as text, too.
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const count = z.coerce.number();

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const throughput = z.object({ ReadCapacityUnits: count, WriteCapacityUnits: count });
const projection = z.object({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const index = z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: projection });
const recovery = z.object({ PointInTimeRecoveryEnabled: flag.optional() });

const shared = {
  TableName: z.string().optional(),
  AttributeDefinitions: z
    .array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }))
    .optional(),
  KeySchema: keySchema,
  BillingMode: z.enum(['PAY_PER_REQUEST', 'PROVISIONED']).optional(),
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: flag.optional() }).optional(),
  StreamSpecification: z.unknown().optional(),
};

const tableSchema = z.object({
  ...shared,
  ProvisionedThroughput: throughput.optional(),
  DeletionProtectionEnabled: flag.optional(),
  PointInTimeRecoverySpecification: recovery.optional(),
  TableClass: z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  KinesisStreamSpecification: z.unknown().optional(),
  ImportSourceSpecification: z.unknown().optional(),
});

const replicaSchema = z.object({
  Region: z.string(),
  DeletionProtectionEnabled: flag.optional(),
  PointInTimeRecoverySpecification: recovery.optional(),
  TableClass: z.enum(['STANDARD', 'STANDARD_INFREQUENT_ACCESS']).optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  KinesisStreamSpecification: z.unknown().optional(),
});

const globalTableSchema = z.object({ ...shared, Replicas: z.array(replicaSchema).min(1) });

type Shared = Omit<z.infer<typeof tableSchema>, 'ProvisionedThroughput'>;

/**
 * Reads the properties of `AWS::DynamoDB::Table`. Encryption, contributor insights and throughput limits have no
 * effect locally.
 * @throws ValidationError naming the property, NotImplemented for streams and imports
 */
export function readTableProperties(properties: JsonObject): TableProperties {
  const read = parse(tableSchema, properties);
  if (read.ImportSourceSpecification) throw notSupportedLocally('AWS::DynamoDB::Table ImportSourceSpecification');
  const { ProvisionedThroughput: given, ...rest } = read;
  // CloudFormation's default is provisioned; what it leaves out with it counts as the least there is.
  const provisioned = read.BillingMode !== 'PAY_PER_REQUEST' && {
    ProvisionedThroughput: given ?? { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  };
  return tableProperties('AWS::DynamoDB::Table', rest, provisioned || {});
}

/**
 * Reads the properties of `AWS::DynamoDB::GlobalTable`, whose settings lie with the replica of this region.
 * @throws ValidationError naming the property, NotImplemented for streams and for replicas elsewhere
 */
export function readGlobalTableProperties(properties: JsonObject, region: string): TableProperties {
  const { Replicas: replicas, ...rest } = parse(globalTableSchema, properties);
  const elsewhere = replicas.find((replica) => replica.Region !== region);
  if (elsewhere) {
    throw notSupportedLocally(`AWS::DynamoDB::GlobalTable with a replica in ${elsewhere.Region} (only ${region})`);
  }
  const provisioned = rest.BillingMode === 'PROVISIONED' && {
    ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
  };
  return tableProperties(
    'AWS::DynamoDB::GlobalTable',
    { ...rest, ...replicas[0], BillingMode: rest.BillingMode ?? 'PAY_PER_REQUEST' },
    provisioned || {},
  );
}

function tableProperties(
  type: string,
  read: Shared,
  provisioned: Pick<CreateTableInput, 'ProvisionedThroughput'>,
): TableProperties {
  if (read.StreamSpecification !== undefined) throw notSupportedLocally(`${type} StreamSpecification (streams)`);
  if (read.KinesisStreamSpecification !== undefined) throw notSupportedLocally(`${type} KinesisStreamSpecification`);
  const ttl = read.TimeToLiveSpecification;
  return {
    table: {
      AttributeDefinitions: read.AttributeDefinitions ?? [],
      KeySchema: read.KeySchema,
      BillingMode: read.BillingMode ?? 'PROVISIONED',
      ...provisioned,
      ...(read.TableName !== undefined && { TableName: read.TableName }),
      ...(read.GlobalSecondaryIndexes?.length && { GlobalSecondaryIndexes: read.GlobalSecondaryIndexes.map(indexOf) }),
      ...(read.LocalSecondaryIndexes?.length && { LocalSecondaryIndexes: read.LocalSecondaryIndexes.map(indexOf) }),
      ...(read.TableClass && { TableClass: read.TableClass }),
      DeletionProtectionEnabled: read.DeletionProtectionEnabled === true,
      Tags: (read.Tags ?? []) satisfies Tag[],
    },
    ttlAttribute: ttl && ttl.Enabled !== false ? ttl.AttributeName : undefined,
    hasPointInTimeRecovery: read.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true,
  };
}

function indexOf({ IndexName, KeySchema, Projection }: z.infer<typeof index>) {
  const { ProjectionType, NonKeyAttributes } = Projection;
  return {
    IndexName,
    KeySchema,
    Projection: { ...(ProjectionType && { ProjectionType }), ...(NonKeyAttributes && { NonKeyAttributes }) },
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, properties: JsonObject): z.infer<Schema> {
  const result = schema.safeParse(properties);
  if (result.success) return result.data;
  throw new AwsError('ValidationError', z.prettifyError(result.error));
}
