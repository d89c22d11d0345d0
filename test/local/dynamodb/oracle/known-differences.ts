import type { Answer } from './answer.ts';
import type { Operation } from './operations.ts';

/** Where the oracle is known to answer otherwise than DynamoDB, or where DynamoDB's documentation leaves it open. */
export interface KnownDifference {
  readonly why: string;
  /** Where ours is documented; dynalite's tests were run against the service itself. */
  readonly source: string;
  fits(operation: Operation, ours: Answer, theirs: Answer): boolean;
}

const guide = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const api = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference';
const dynalite = 'https://github.com/architect/dynalite/tree/main/test';

/** Ours refuses with such a text; the oracle refuses later, for another reason, or never. */
const refusedAtOnce =
  (text: RegExp) =>
  (_operation: Operation, ours: Answer, theirs: Answer): boolean =>
    'error' in ours &&
    /^(ValidationException|TransactionCanceledException)$/.test(ours.error) &&
    text.test(ours.message) &&
    !('error' in theirs && theirs.error === 'ValidationException');

/** Each difference that is not ours to mend. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    why: 'the oracle parses an expression when it comes to it, after conditions have failed or tables were not found; DynamoDB reads all of a request first',
    source: `${dynalite}/updateItem.js`,
    fits: refusedAtOnce(
      /^Invalid (\w+Expression): (Syntax error; |Attribute name is a reserved keyword; |The expression can not be empty;|An expression attribute (value|name) used in |The first operand must be distinct |The BETWEEN operator)/m,
    ),
  },
  {
    why: 'the oracle looks at values only when an expression uses them',
    source: `${dynalite}/putItem.js`,
    fits: refusedAtOnce(/^ExpressionAttributeValues (contains invalid value|can only be specified when)/m),
  },
  {
    why: 'the oracle does not find paths that overlap between clauses',
    source: `${guide}/Expressions.UpdateExpressions.html`,
    fits: refusedAtOnce(/Two document paths (overlap|conflict) with each other/),
  },
  {
    why: 'the oracle lets expressions look inside key attributes',
    source: `${dynalite}/updateItem.js`,
    fits: refusedAtOnce(/^Key attributes must be scalars; /m),
  },
  {
    why: 'the oracle checks the type of an operand only when it comes to compare it',
    source: `${dynalite}/query.js`,
    fits: refusedAtOnce(/Incorrect operand type for operator or function; /),
  },
  {
    why: 'the oracle does not look for unused names where nothing came of the expression',
    source: `${guide}/Expressions.ExpressionAttributeNames.html`,
    fits: refusedAtOnce(/^Value provided in ExpressionAttribute(Names|Values) unused in expressions/m),
  },
  {
    why: 'the oracle knows function names and attribute types only when it comes to evaluate them',
    source: `${guide}/Expressions.OperatorsAndFunctions.html`,
    fits: refusedAtOnce(/Invalid (function name|attribute type name found); /),
  },
  {
    why: 'the oracle looks at the type of an index key when the condition has held; DynamoDB reads the update first',
    source: `${dynalite}/updateItem.js`,
    fits: refusedAtOnce(/Type mismatch for Index Key /),
  },
  {
    why: 'the oracle removes elements of what is no list without a word',
    source: `${dynalite}/updateItem.js`,
    fits: refusedAtOnce(/^The document path provided in the update expression is invalid for update$/m),
  },
  {
    why: 'of an item that an update has made there is no old one; the oracle gives its key',
    source: `${api}/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValues`,
    fits: ({ name, input }, ours, theirs) =>
      name === 'updateItem' &&
      input['ReturnValues'] === 'ALL_OLD' &&
      isOutput(ours, {}) &&
      isOutput(theirs, { Attributes: input['Key'] }),
  },
  {
    why: 'a query of a local index fetches what the index does not project; the oracle leaves it out',
    source: `${guide}/LSI.html#LSI.Projections`,
    fits: ({ name, input }, ours, theirs) =>
      name === 'query' && input['IndexName'] === 'byScore' && 'output' in ours && 'output' in theirs,
  },
  {
    why: 'a transaction with two mistakes is refused for one of them; no page says for which',
    source: `${api}/API_TransactWriteItems.html`,
    fits: ({ name }, ours, theirs) =>
      name === 'transactWriteItems' &&
      'error' in ours &&
      'error' in theirs &&
      ours.error !== theirs.error &&
      [ours, theirs].every(({ error, members }) => error === 'ValidationException' || hasValidationReason(members)),
  },
];

/** Why an answer of ours may differ from the oracle's; undefined if it may not. */
export function knownDifference(operation: Operation, ours: Answer, theirs: Answer): string | undefined {
  return knownDifferences.find(({ fits }) => fits(operation, ours, theirs))?.why;
}

function hasValidationReason(members: unknown): boolean {
  return JSON.stringify(members).includes('"Code":"ValidationError"');
}

function isOutput(answer: Answer, expected: object): boolean {
  if (!('output' in answer)) return false;
  const bytesAsText = (_name: string, value: unknown): unknown => {
    const isBuffer = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
    return isBuffer && 'data' in value && Array.isArray(value.data)
      ? `bytes ${Buffer.from(value.data).toString('hex')}`
      : value;
  };
  return JSON.stringify(answer.output) === JSON.stringify(JSON.parse(JSON.stringify(expected), bytesAsText));
}
