import { AwsError } from '../../errors.ts';

/** Which function, and which of its versions, a caller means. */
export interface FunctionReference {
  readonly name: string;
  /** `$LATEST`, a version number or an alias; absent if the caller named none. */
  readonly qualifier?: string;
}

const namePattern = /^[a-zA-Z0-9-_]{1,64}$/;

/**
 * Reads a function's name, partial ARN (`123456789012:function:name`) or ARN, each with or without a qualifier.
 * @throws AwsError `InvalidParameterValueException`
 */
export function readFunctionReference(text: string, qualifier?: string): FunctionReference {
  const parts = text.includes(':function:') ? text.split(':function:')[1]?.split(':') : text.split(':');
  const [name = '', named] = parts ?? [];
  if (!namePattern.test(name)) {
    throw invalidParameter(`${text} is not a function name or ARN: a name has 1 to 64 letters, digits, - and _`);
  }
  if (named !== undefined && qualifier !== undefined && named !== qualifier) {
    throw invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');
  }
  const meant = named ?? qualifier;
  return meant === undefined ? { name } : { name, qualifier: meant };
}

/** The error of a request whose member has a value that Lambda does not allow. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, { members: { Type: 'User' } });
}

/** The error of a change whose caller has seen another revision than there is; `operation` shows the current one. */
export function revisionDiffers(operation: string): AwsError {
  return new AwsError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${operation} API to retrieve the latest Revision Id`,
    { httpStatus: 412, members: { Type: 'User' } },
  );
}

/** The error of a request for a function, version, alias or policy that is not there. */
export function resourceNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, { httpStatus: 404, members: { Type: 'User' } });
}
