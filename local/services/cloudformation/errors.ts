import { AwsError } from '../../errors.ts';

/** CloudFormation's answer to most that is wrong with a request. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
