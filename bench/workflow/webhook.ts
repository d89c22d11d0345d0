import { SFN } from '@aws-sdk/client-sfn';

const sfn = new SFN();

/** Starts the workflow for a webhook, and answers when it has been started. */
export async function handler(event: { readonly body: string }): Promise<object> {
  // What the bench sends.
  const { run } = JSON.parse(event.body) as { run: string };
  await sfn.startExecution({ stateMachineArn: process.env['MACHINE'], name: run, input: JSON.stringify({ run }) });
  return { statusCode: 202, body: JSON.stringify({ run }) };
}
