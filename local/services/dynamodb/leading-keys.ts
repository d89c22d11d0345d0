import type { AttributeValue, QueryInput } from '@aws-sdk/client-dynamodb';
import { readTableName, type Database } from './database.ts';
import { readKeyCondition } from './expressions/key-condition.ts';
import { readExpressions } from './expressions/request-expressions.ts';
import type { KeySchema } from './table.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;

/** The values of partition keys that a request names, as the condition key `dynamodb:LeadingKeys` has them. */
export interface LeadingKeys {
  /** Of items, or of their keys. */
  ofItems(tableName: string | undefined, items: readonly (Attributes | undefined)[]): readonly string[];
  /** Of the one partition that a query reads, of the table or of its index. @throws AwsError if it names none */
  ofQuery(query: QueryInput): readonly string[];
}

/** Reads them by the keys that tables have; of a table that is not there nothing is known. */
export function leadingKeysOf(tables: Pick<Database['tables'], 'find'>): LeadingKeys {
  const keyOf = (tableName: string | undefined, indexName?: string): KeySchema | undefined => {
    const table = tables.find(readTableName(tableName));
    return indexName === undefined ? table?.key : table?.indexes.find(({ name }) => name === indexName)?.key;
  };
  return {
    ofItems(tableName, items) {
      const key = keyOf(tableName);
      return key ? items.flatMap((item) => textOf(item?.[key.partition.name])) : [];
    },
    ofQuery(query) {
      const key = keyOf(query.TableName, query.IndexName);
      const { keyCondition, values } = readExpressions(query, [
        'ProjectionExpression',
        'FilterExpression',
        'KeyConditionExpression',
      ]);
      return key && keyCondition ? textOf(readKeyCondition(keyCondition, values, key).partition) : [];
    },
  };
}

function textOf({ S: text, N: number, B: bytes }: Partial<AttributeValue> = {}): string[] {
  const value = text ?? number ?? (bytes && Buffer.from(bytes).toString('base64'));
  return value === undefined ? [] : [value];
}
