import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { isDeepStrictEqual } from 'node:util';
import type { Operation } from './operations.ts';

/** What an operation answered, in a form that two answers can be compared in. */
export type Answer =
  { readonly error: string; readonly members: unknown; readonly message: string } | { readonly output: unknown };

/** Calls through the SDK. */
export async function ask(db: DynamoDB, { name, input }: Operation): Promise<Answer> {
  // The client's methods take one input and answer a promise; which input fits is what is tried out.
  const method = Reflect.get(db, name) as (this: DynamoDB, input: object) => Promise<Record<string, unknown>>;
  try {
    const { $metadata: _metadata, ...output } = await method.call(db, input);
    return { output: normal(output, name) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { Item, CancellationReasons } = error as Error & {
      Item?: unknown;
      CancellationReasons?: { Code?: string; Message?: string; Item?: unknown }[];
    };
    const reasons = CancellationReasons?.map(({ Code, Item: old }) => ({
      Code,
      ...(old !== undefined && { Item: normal(old) }),
    }));
    return {
      error: error.name,
      message: [error.message, ...(CancellationReasons ?? []).map(({ Message = '' }) => Message)].join('\n'),
      members: { ...(Item !== undefined && { Item: normal(Item) }), ...(reasons && { reasons }) },
    };
  }
}

/** Whether two answers say the same; of errors the name and what travels with it, not the words. */
export function isSame(one: Answer, other: Answer): boolean {
  if ('error' in one && 'error' in other)
    return one.error === other.error && isDeepStrictEqual(one.members, other.members);
  return 'output' in one && 'output' in other && isDeepStrictEqual(one.output, other.output);
}

/** Sets have no order, nor have scans and batches; what is empty may be left out. */
function normal(value: unknown, operation = ''): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return value.map((item: unknown) => normal(item));
  if (typeof value !== 'object' || value === null) return value;
  const isUnordered = operation === 'scan' || operation === 'batchGetItem';
  const entries = Object.entries(value).flatMap(([name, member]) => {
    if (member === undefined || name === 'ConsumedCapacity' || name === 'ItemCollectionMetrics') return [];
    const read = normal(member, isUnordered ? operation : '');
    const sorted = Array.isArray(read) && (isUnordered || /^[SNB]S$/.test(name)) ? read.toSorted(byText) : read;
    return isEmpty(sorted) && /^Unprocessed/.test(name) ? [] : [[name, sorted] as const];
  });
  return Object.fromEntries(entries.toSorted(byText));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function byText(one: unknown, other: unknown): number {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
  return left < right ? -1 : Number(left > right);
}
