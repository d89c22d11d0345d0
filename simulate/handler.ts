import { CodePipeline } from '@aws-sdk/client-codepipeline';
import { DynamoDB } from '@aws-sdk/client-dynamodb';

const codepipeline = new CodePipeline();
const dynamodb = new DynamoDB();

/** What reaches the functions: an event with the piece of work, a message of a topic, or a job. */
interface WorkEvent {
  readonly piece?: string;
  readonly Records?: readonly { readonly Sns: { readonly Message: string } }[];
  readonly 'CodePipeline.job'?: { readonly id: string };
}

/** Counts that it was called for a piece of work; answers a job and counts the answers that were taken. */
export async function handler(event: WorkEvent): Promise<object> {
  const { piece, Records: records = [], 'CodePipeline.job': job } = event;
  if (job) return answer(job.id);
  const pieces = piece === undefined ? records.map(({ Sns: { Message: message } }) => message) : [piece];
  for (const each of pieces) await count(`call/${each}`);
  return { piece: piece ?? '' };
}

async function answer(jobId: string): Promise<object> {
  await count(`job/${jobId}/called`);
  try {
    await codepipeline.putJobSuccessResult({
      jobId,
      // So that whoever looks at the action sees whose answer it took.
      executionDetails: { externalExecutionId: jobId },
    });
  } catch (error) {
    // An earlier invocation was killed after its answer was taken.
    if ((error as Error).name === 'InvalidJobStateException') return {}; // the SDK throws errors only
    throw error;
  }
  await count(`job/${jobId}/taken`);
  return {};
}

async function count(pk: string): Promise<void> {
  await dynamodb.updateItem({
    TableName: process.env['TABLE'],
    Key: { pk: { S: pk } },
    UpdateExpression: 'ADD calls :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
}
