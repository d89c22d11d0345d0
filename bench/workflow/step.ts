import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SNS } from '@aws-sdk/client-sns';

const dynamodb = new DynamoDB({ ...endpointOf('DYNAMODB_ENDPOINT') });
const sns = new SNS({ ...endpointOf('SNS_ENDPOINT') });

/** What a state hands to the function. */
export interface StepInput {
  readonly run: string;
  readonly step: number;
}

/** One step of a run: two writes, and at the first, the middle and the last step a message. */
export async function handler({ run, step }: StepInput): Promise<object> {
  await write(`${run}/${step}/began`);
  await write(`${run}/${step}/ended`);
  if ([0, 5, 9].includes(step)) {
    await sns.publish({ TopicArn: process.env['TOPIC'], Message: JSON.stringify({ run, step }) });
  }
  return { step, isDone: true };
}

async function write(pk: string): Promise<void> {
  await dynamodb.putItem({
    TableName: process.env['TABLE'],
    Item: { pk: { S: pk }, service: { S: 'checkout' }, attempt: { N: '1' }, isDone: { BOOL: true } },
  });
}

/** Where each service has a server of its own. */
function endpointOf(name: string): { endpoint?: string } {
  const endpoint = process.env[name];
  return endpoint === undefined ? {} : { endpoint };
}
