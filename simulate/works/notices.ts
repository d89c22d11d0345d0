import { expectThere, together, whole, type Work } from '../work.ts';
import { expectCalled } from '../calls.ts';

/** A message to a topic, which sends it to a queue and to a function. */
export const notices: Work = {
  name: 'notices',
  async begin({ sns, output }, piece) {
    await sns.publish({ TopicArn: output('Topic'), Message: piece });
  },
  async check(piece, { aws, heard }) {
    if (!piece.isAcknowledged) return whole;
    return together([
      expectThere(heard.hasPublished(piece.name), `the notice ${piece.name} in the queue`),
      await expectCalled(piece, aws),
    ]);
  },
};
