import type { Work } from '../work.ts';
import { expectCalled } from '../calls.ts';

/** An asynchronous invocation, acknowledged before it runs. */
export const invocations: Work = {
  name: 'invocations',
  async begin({ lambda, output }, piece) {
    await lambda.invoke({
      FunctionName: output('Worker'),
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify({ piece })),
    });
  },
  check: (piece, { aws }) => expectCalled(piece, aws),
};
