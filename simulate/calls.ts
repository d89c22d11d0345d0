import type { Aws } from './aws.ts';
import { expectThere, whole, type Finding, type Piece } from './work.ts';

/** Whether the handler was called for this piece, at least once, if it had to be. */
export async function expectCalled({ name, isAcknowledged }: Piece, aws: Aws): Promise<Finding> {
  if (!isAcknowledged) return whole;
  return expectThere((await countOf(aws, `call/${name}`)) > 0, `the call for ${name}`);
}

/** What the handler has counted under this key. */
export async function countOf({ dynamodb, output }: Aws, key: string): Promise<number> {
  const { Item: item } = await dynamodb.getItem({
    TableName: output('Table'),
    Key: { pk: { S: key } },
    ConsistentRead: true,
  });
  return Number(item?.['calls']?.N ?? 0);
}
