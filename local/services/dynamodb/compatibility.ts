import type { Compatibility } from '../compatibility.ts';

const cloudFormation = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide';
const api = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference';
const guide = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';

/** What DynamoDB says of itself in docs/compatibility.md. */
export const dynamoDbCompatibility: Compatibility = {
  id: 'dynamodb',
  title: 'DynamoDB',
  scope: 'Tables, items, expressions, indexes, transactions and time to live.',
  partly: {
    BatchGetItem: 'the legacy parameters are refused: use expressions',
    BatchWriteItem: 'ReturnItemCollectionMetrics SIZE is refused',
    CreateTable: 'streams and resource policies are refused',
    DeleteItem: 'the legacy parameters are refused: use expressions; so is ReturnItemCollectionMetrics SIZE',
    GetItem: 'the legacy parameters are refused: use expressions',
    PutItem: 'the legacy parameters are refused: use expressions; so is ReturnItemCollectionMetrics SIZE',
    Query: 'the legacy parameters are refused: use expressions',
    Scan: 'the legacy parameters are refused: use expressions',
    TransactWriteItems: 'ReturnItemCollectionMetrics SIZE is refused',
    UpdateContinuousBackups: 'the setting is kept; nothing can be restored',
    UpdateItem: 'the legacy parameters are refused: use expressions; so is ReturnItemCollectionMetrics SIZE',
    UpdateTable: 'streams and replicas are refused',
  },
  otherwise:
    'backups, exports and imports, streams, global tables, resource policies, tags, insights and PartiQL are not here',
  resourceTypePrefix: 'AWS::DynamoDB::',
  resourceTypes: {
    'AWS::DynamoDB::Table': { answer: 'partly', how: 'streams, imports and Kinesis are refused' },
    'AWS::DynamoDB::GlobalTable': {
      answer: 'partly',
      how: 'one replica, in the region of the cloud; streams are refused',
    },
  },
  rules: [
    {
      id: 'dynamodb.batches.limits',
      rule: 'A batch writes at most 25 and reads at most 100 items, each once.',
      source: `${api}/API_BatchWriteItem.html`,
    },
    {
      id: 'dynamodb.batches.unprocessed',
      rule: 'BatchGetItem leaves keys unprocessed behind 16 MB.',
      source: `${api}/API_BatchGetItem.html`,
    },
    {
      id: 'dynamodb.capacity',
      rule: 'Consumed capacity is a write unit per KB begun, and half a read unit per 4 KB of an eventually consistent read.',
      source: `${guide}/read-write-operations.html`,
    },
    {
      id: 'dynamodb.conditions.write',
      rule: 'A conditional write happens only if its condition holds, and gives the item that failed it if asked.',
      source: `${guide}/Expressions.ConditionExpressions.html`,
    },
    {
      id: 'dynamodb.expressions.conditions',
      rule: 'Comparisons, BETWEEN, IN, the functions and AND, OR and NOT are evaluated with their precedence; operands of different types are unequal.',
      source: `${guide}/Expressions.OperatorsAndFunctions.html`,
    },
    {
      id: 'dynamodb.expressions.in-limit',
      rule: 'IN takes at most 100 values.',
      source: `${guide}/Expressions.OperatorsAndFunctions.html`,
    },
    {
      id: 'dynamodb.expressions.size',
      rule: 'An expression is at most 4 KB long.',
      source: `${guide}/Constraints.html`,
    },
    {
      id: 'dynamodb.indexes.equal-keys',
      rule: 'Items with equal index keys are all met, page by page in both directions.',
      source: `${guide}/GSI.html`,
    },
    {
      id: 'dynamodb.indexes.projection',
      rule: 'A global index shows what it projects; a local one fetches the rest from the table when asked.',
      source: `${guide}/LSI.html`,
    },
    {
      id: 'dynamodb.indexes.sparse',
      rule: 'An item is in an index only while it has the index’s keys, and follows every change.',
      source: `${guide}/GSI.html`,
    },
    {
      id: 'dynamodb.items.delete-again',
      rule: 'Deleting an item that is not there is no error.',
      source: `${api}/API_DeleteItem.html`,
    },
    { id: 'dynamodb.items.depth', rule: 'Documents nest at most 32 levels deep.', source: `${guide}/Constraints.html` },
    {
      id: 'dynamodb.items.durable',
      rule: 'An acknowledged write is there again after the process was killed.',
      source: 'inferred',
    },
    {
      id: 'dynamodb.items.replace',
      rule: 'PutItem replaces the whole item and returns the old one if asked.',
      source: `${api}/API_PutItem.html`,
    },
    {
      id: 'dynamodb.items.size',
      rule: 'An item is at most 400 KB, with its attribute names.',
      source: `${guide}/Constraints.html`,
    },
    { id: 'dynamodb.items.table-arn', rule: 'A table may be named by its ARN.', source: `${api}/API_GetItem.html` },
    {
      id: 'dynamodb.keys.values',
      rule: 'Key values have the declared type, are not empty, and are at most 2,048 bytes for the partition and 1,024 for the sort key.',
      source: `${guide}/Constraints.html`,
    },
    {
      id: 'dynamodb.legacy-refused',
      rule: 'The legacy parameters (Expected, AttributeUpdates, KeyConditions) and PartiQL are refused by name.',
      source: 'inferred',
    },
    {
      id: 'dynamodb.numbers.canonical',
      rule: 'Numbers keep up to 38 digits and come back in canonical form.',
      source: `${guide}/HowItWorks.NamingRulesDataTypes.html`,
    },
    {
      id: 'dynamodb.numbers.exact',
      rule: 'Numbers are added exactly and sort by their values.',
      source: `${guide}/HowItWorks.NamingRulesDataTypes.html`,
    },
    {
      id: 'dynamodb.numbers.refused',
      rule: 'A number with more than 38 digits or outside the range is refused.',
      source: `${guide}/HowItWorks.NamingRulesDataTypes.html`,
    },
    {
      id: 'dynamodb.oracle',
      rule: 'Thousands of generated operations are answered as another implementation, dynoxide, answers them, but for listed differences.',
      source: 'https://github.com/nubo-db/dynoxide',
    },
    {
      id: 'dynamodb.query.filter-after',
      rule: 'A filter is applied to what was read: Count and ScannedCount are told apart.',
      source: `${guide}/Query.FilterExpression.html`,
    },
    {
      id: 'dynamodb.query.key-condition',
      rule: 'A key condition is an equality on the partition key and at most one comparison, BETWEEN or begins_with on the sort key.',
      source: `${guide}/Query.KeyConditionExpressions.html`,
    },
    {
      id: 'dynamodb.query.last-page',
      rule: 'A page that ends exactly at the limit has a LastEvaluatedKey although nothing may follow.',
      source: `${guide}/Query.Pagination.html`,
    },
    {
      id: 'dynamodb.query.limit',
      rule: 'Limit bounds what is read, not what is found.',
      source: `${guide}/Query.Other.html`,
    },
    {
      id: 'dynamodb.query.order',
      rule: 'Items of a partition come in the order of the sort key’s type, or backwards.',
      source: `${guide}/Query.html`,
    },
    { id: 'dynamodb.query.page-size', rule: 'A page ends at 1 MB.', source: `${guide}/Query.Pagination.html` },
    {
      id: 'dynamodb.query.projection',
      rule: 'A projection gives parts of documents, with list elements closed up.',
      source: `${guide}/Expressions.ProjectionExpressions.html`,
    },
    { id: 'dynamodb.scan.pages', rule: 'A scan meets every item once over its pages.', source: `${guide}/Scan.html` },
    {
      id: 'dynamodb.scan.segments',
      rule: 'A parallel scan’s segments meet every item once.',
      source: `${guide}/Scan.html`,
    },
    {
      id: 'dynamodb.tables.index-update',
      rule: 'An update adds a global index, which is filled from the items, or removes one.',
      source: `${api}/API_UpdateTable.html`,
    },
    {
      id: 'dynamodb.tables.protection',
      rule: 'A table with deletion protection is not deleted.',
      source: `${api}/API_DeleteTable.html`,
    },
    {
      id: 'dynamodb.tables.template',
      rule: 'A table keeps its items over an update of its template, and is replaced when its key changes.',
      source: `${cloudFormation}/aws-resource-dynamodb-table.html`,
    },
    {
      id: 'dynamodb.transactions.all-or-nothing',
      rule: 'A transaction does all of its writes or none, and names a reason for each action in order.',
      source: `${guide}/transaction-apis.html`,
    },
    {
      id: 'dynamodb.transactions.capacity',
      rule: 'A transaction consumes twice the units.',
      source: `${guide}/transaction-apis.html`,
    },
    {
      id: 'dynamodb.transactions.limits',
      rule: 'A transaction has 1 to 100 actions, of which no two are on one item, and at most 4 MB.',
      source: `${guide}/transaction-apis.html`,
    },
    {
      id: 'dynamodb.transactions.token',
      rule: 'A transaction repeated with its client request token within ten minutes does nothing more; another request with that token is refused.',
      source: `${guide}/transaction-apis.html`,
    },
    {
      id: 'dynamodb.ttl.delete',
      rule: 'An expired item is deleted later, in the background: here within minutes.',
      source: `${guide}/TTL.html`,
    },
    {
      id: 'dynamodb.ttl.latest',
      rule: 'An item lives by the time that it has when it would be deleted.',
      source: 'inferred',
    },
    {
      id: 'dynamodb.sets.empty-members',
      rule: 'A set has at least one member, which may be an empty text or no bytes.',
      source: `${guide}/HowItWorks.NamingRulesDataTypes.html`,
    },
    {
      id: 'dynamodb.ttl.repeated',
      rule: 'Turning on what is on, or off what is off, is refused.',
      source: `${api}/API_UpdateTimeToLive.html`,
    },
    {
      id: 'dynamodb.update.key',
      rule: 'The attributes of the key cannot be updated.',
      source: `${api}/API_UpdateItem.html`,
    },
    {
      id: 'dynamodb.update.overlap',
      rule: 'An update expression whose paths overlap or conflict is refused.',
      source: `${guide}/Expressions.UpdateExpressions.html`,
    },
    {
      id: 'dynamodb.update.return-values',
      rule: 'UpdateItem returns old or new attributes, all or the updated ones.',
      source: `${api}/API_UpdateItem.html`,
    },
    {
      id: 'dynamodb.update.upsert',
      rule: 'UpdateItem makes the item that is not there.',
      source: `${api}/API_UpdateItem.html`,
    },
  ],
};
