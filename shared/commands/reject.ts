import { answerApproval } from '../approvals/answer.ts';
import { answerInputSchema } from './answer-input.ts';
import { releaseCommand } from './define.ts';

/** Answers the approval that a release waits for. Ends the release as failed. */
export const reject = releaseCommand({
  verb: 'reject',
  summary: 'Reject the release that waits for it.',
  allowed: ['approver'],
  input: answerInputSchema,
  async run({ release: releaseId, comment, action }, context) {
    const by = context.principal.id;
    const answered = await answerApproval(context, { releaseId, decision: 'rejected', by, comment, action });
    return { isDone: true, body: { status: 'rejected', releaseId, ...answered } };
  },
});
