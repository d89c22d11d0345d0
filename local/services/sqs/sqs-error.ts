import { AwsError } from '../../errors.ts';

/** A request's value that SQS refuses with its general code, which no exception class models. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

/** The queue is not there. */
export function queueDoesNotExist(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

/** Checks a number that a request gives against the documented bounds. */
export function checkBounds(name: string, value: number, [low, high]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${low} and ${high}.`,
  );
}
