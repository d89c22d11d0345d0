import { expectThere, whole, type Work } from '../work.ts';

/** A message to a queue. */
export const messages: Work = {
  name: 'messages',
  async begin({ sqs, output }, piece) {
    await sqs.sendMessage({ QueueUrl: output('PlainQueue'), MessageBody: piece });
  },
  async check({ name, isAcknowledged }, { heard }) {
    return isAcknowledged ? expectThere(heard.hasPlain(name), `the message ${name}`) : whole;
  },
};
