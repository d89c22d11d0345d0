import * as z from 'zod';
import { releaseIdSchema } from '../events/event.ts';

/** What a person says with an answer to an approval. */
export const answerInputSchema = z.strictObject({
  release: releaseIdSchema,
  comment: z.string().min(1).max(400).optional(),
  /** Needed only when several approvals wait. */
  action: z.string().min(1).max(100).optional(),
});
