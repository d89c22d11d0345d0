import { together, whole, type Finding, type Work } from '../work.ts';

/** A write, a second one over it, and a transaction of two items. */
export const writes: Work = {
  name: 'writes',
  async begin({ dynamodb, output }, piece) {
    const TableName = output('Table');
    await dynamodb.putItem({ TableName, Item: { pk: { S: `one/${piece}` }, step: { N: '1' } } });
    await dynamodb.updateItem({
      TableName,
      Key: { pk: { S: `one/${piece}` } },
      UpdateExpression: 'ADD step :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    await dynamodb.transactWriteItems({
      TransactItems: ['left', 'right'].map((side) => ({
        Put: { TableName, Item: { pk: { S: `${side}/${piece}` } } },
      })),
    });
  },
  async check({ name, isAcknowledged }, { aws: { dynamodb, output } }) {
    const read = async (key: string) =>
      (
        await dynamodb.getItem({
          TableName: output('Table'),
          Key: { pk: { S: `${key}/${name}` } },
          ConsistentRead: true,
        })
      ).Item;
    const [one, left, right] = await Promise.all([read('one'), read('left'), read('right')]);
    const step = Number(one?.['step']?.N ?? 0);
    return together([
      isAcknowledged && (step !== 2 || !left || !right) ? broken(`${name} was written and is not there`) : whole,
      step > 2 ? broken(`${name} was written twice`) : whole,
      Boolean(left) !== Boolean(right) ? broken(`of the transaction of ${name} only a half is there`) : whole,
    ]);
  },
};

function broken(what: string): Finding {
  return { missing: [], broken: [what] };
}
