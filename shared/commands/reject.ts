import { answerCommand } from './answer-command.ts';

/** Answers the approval that a release waits for. Ends the release as failed. */
export const reject = answerCommand('reject', 'Reject the release that waits for it.', 'rejected');
