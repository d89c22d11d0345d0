import { answerApproval } from '../approvals/answer.ts';
import { answerInputSchema } from './answer-input.ts';
import { releaseCommand } from './define.ts';

/** Answers the approval that a release waits for. Lets the pipeline go on. */
export const approve = releaseCommand({
  verb: 'approve',
  summary: 'Approve the release that waits for it.',
  allowed: ['approver'],
  input: answerInputSchema,
  async run({ release: releaseId, comment, action }, context) {
    const by = context.principal.id;
    const answered = await answerApproval(context, { releaseId, decision: 'approved', by, comment, action });
    return { isDone: true, body: { status: 'approved', releaseId, ...answered } };
  },
});
