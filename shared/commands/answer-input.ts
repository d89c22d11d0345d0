import * as z from 'zod/mini';
import { releaseIdSchema } from '../events/event.ts';

/** What a person says with an answer to an approval. */
export const answerInputSchema = z.strictObject({
  release: releaseIdSchema,
  comment: z.optional(z.string().check(z.minLength(1), z.maxLength(400))),
  /** Needed only when several approvals wait. */
  action: z.optional(z.string().check(z.minLength(1), z.maxLength(100))),
});
