import { answerCommand } from './answer-command.ts';

/** Answers the approval that a release waits for. Lets the pipeline go on. */
export const approve = answerCommand('approve', 'Approve the release that waits for it.', 'approved');
