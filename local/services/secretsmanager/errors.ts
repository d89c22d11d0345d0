import { AwsError } from '../../errors.ts';

/** A parameter that breaks a rule, or does not fit another. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** A request that does not fit the state of the secret. */
export function invalidRequest(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

/** A member that breaks a documented bound. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The secret, or the asked version of it, does not exist. */
export function notFound(what = 'the specified secret'): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find ${what}.`);
}

/** What a request would make exists already with other content. */
export function exists(message: string): AwsError {
  return new AwsError('ResourceExistsException', message);
}
