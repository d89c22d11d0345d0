import type { Aws } from './aws.ts';

/** An event of AWS that a rule sent to the queue of ends. */
export interface HeardEvent {
  readonly id: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Everything that came through the queues since the first start. Queues deliver at least once; this keeps each once. */
export interface Heard {
  hasPlain(body: string): boolean;
  hasPublished(body: string): boolean;
  /** Distinct events about an execution of a workflow (its ARN) or of a pipeline (its id). */
  eventsOf(execution: string): readonly HeardEvent[];
  /** Empties the queues, and answers the task tokens that were in one of them. */
  listen(aws: Aws): Promise<void>;
}

/** Has heard nothing yet. */
export function openHeard(): Heard {
  const plain = new Set<string>();
  const published = new Set<string>();
  const events = new Map<string, Map<string, HeardEvent>>();
  const hear = (event: HeardEvent): void => {
    const execution = String(event.detail['executionArn'] ?? event.detail['execution-id']);
    events.set(execution, (events.get(execution) ?? new Map<string, HeardEvent>()).set(event.id, event));
  };
  return {
    hasPlain: (body) => plain.has(body),
    hasPublished: (body) => published.has(body),
    eventsOf: (execution) => [...(events.get(execution)?.values() ?? [])],
    async listen(aws) {
      await Promise.all([
        empty(aws, 'PlainQueue', (body) => void plain.add(body)),
        empty(aws, 'PublishedQueue', (body) => void published.add(body)),
        // The whole event, as a rule sends it without a transformer.
        empty(aws, 'EndsQueue', (body) => hear(JSON.parse(body) as HeardEvent)),
        empty(aws, 'TokensQueue', (token) => answer(aws, token)),
      ]);
    },
  };
}

/** Messages are deleted once they have been noted here, outside what is killed. */
async function empty(aws: Aws, queue: string, note: (body: string) => Promise<void> | void): Promise<void> {
  const QueueUrl = aws.output(queue);
  for (;;) {
    const { Messages: messages = [] } = await aws.sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 });
    if (messages.length === 0) return;
    for (const { Body: body = '' } of messages) await note(body);
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await aws.sqs.deleteMessageBatch({ QueueUrl, Entries });
  }
}

async function answer(aws: Aws, taskToken: string): Promise<void> {
  try {
    await aws.sfn.sendTaskSuccess({ taskToken, output: '{"answered":true}' });
  } catch (error) {
    // An earlier answer was taken, and the kill came before the message was deleted.
    if (!['TaskTimedOut', 'InvalidToken'].includes((error as Error).name)) throw error; // the SDK throws errors only
  }
}
