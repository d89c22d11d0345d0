import { AwsError } from '../../../errors.ts';

/** Refuses a pattern in EventBridge's words; the reasons are those of the open-source matcher that AWS runs. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}
