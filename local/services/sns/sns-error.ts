import { AwsError } from '../../errors.ts';

/** A parameter that SNS does not take; `message` as SNS words it, without `Invalid parameter: `. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${message}`);
}

/** A topic or subscription that is not there. */
export function notFound(what: 'Topic' | 'Subscription'): AwsError {
  return new AwsError('NotFoundException', `${what} does not exist`, { httpStatus: 404 });
}
