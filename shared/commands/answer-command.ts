import * as z from 'zod/mini';
import { answerApproval } from '../approvals/answer.ts';
import { releaseIdSchema } from '../events/event.ts';
import type { AnyCommand, ReleaseCommandContext } from './command.ts';
import { releaseCommand } from './define.ts';

/** What a person says with an answer to an approval. */
const answerInputSchema = z.strictObject({
  release: releaseIdSchema,
  comment: z.optional(z.string().check(z.minLength(1), z.maxLength(400))),
  /** Needed only when several approvals wait. */
  action: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
});

/** A verb that answers the approval that a release waits for. */
export function answerCommand(
  verb: string,
  summary: string,
  decision: 'approved' | 'rejected',
): AnyCommand<ReleaseCommandContext> {
  return releaseCommand({
    verb,
    summary,
    allowed: ['approver'],
    input: answerInputSchema,
    async run({ release: releaseId, comment, action }, context) {
      const by = context.principal.id;
      const answered = await answerApproval(context, { releaseId, decision, by, comment, action });
      return { isDone: true, body: { status: decision, releaseId, ...answered } };
    },
  });
}
