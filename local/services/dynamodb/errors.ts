import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../errors.ts';

/** A request that DynamoDB refuses before or while it runs; the text is DynamoDB's own wherever it is known. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A value of a request outside the API model's bounds, in the words of the service's front end. */
export function constraintError(member: string, value: string, constraint: string): AwsError {
  return validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

/** A condition that did not hold; `item` travels along if the caller asked for ALL_OLD. */
export function conditionalCheckFailed(item?: Record<string, AttributeValue>): AwsError {
  return new AwsError('ConditionalCheckFailedException', 'The conditional request failed', {
    members: item ? { Item: item } : {},
  });
}

/** Items of a table that does not exist. */
export function resourceNotFound(): AwsError {
  return new AwsError('ResourceNotFoundException', 'Requested resource not found');
}

/** A table that was asked for by name. */
export function tableNotFound(name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}
