import { AwsError } from '../../errors.ts';

/** A member that breaks a documented bound or rule. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** No parameter has this name. */
export function parameterNotFound(name: string): AwsError {
  return new AwsError('ParameterNotFound', `Parameter ${name} not found.`);
}

/** The parameter exists, the version does not. */
export function versionNotFound(name: string, selector: string): AwsError {
  return new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
  );
}

/** A paging token that this operation did not give out. */
export function invalidNextToken(): AwsError {
  return new AwsError('InvalidNextToken', 'The specified token is not valid.');
}
