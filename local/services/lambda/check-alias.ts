import { invalidParameter } from './function-reference.ts';
import type { FunctionAlias } from './function-aliases.ts';
import type { FunctionStore } from './function-store.ts';

/**
 * Checks what an alias would be.
 * @throws AwsError `InvalidParameterValueException`, or `ResourceNotFoundException` for a version that is not there
 */
export function checkAlias(
  { functionName: name, alias, version, weights }: Omit<FunctionAlias, 'revisionId'>,
  functions: FunctionStore,
): void {
  if (!/^(?!\d+$)[a-zA-Z0-9-_]{1,128}$/.test(alias)) {
    throw invalidParameter(
      `${alias} is no name of an alias: it has 1 to 128 letters, digits, - and _, not digits alone`,
    );
  }
  checkVersion(version);
  functions.resolve({ name, qualifier: version });
  const others = Object.entries(weights);
  if (others.length > 1) throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  for (const [other, weight] of others) {
    checkVersion(other);
    if (version === '$LATEST' || other === '$LATEST') {
      throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
    }
    if (other === version) {
      throw invalidParameter(
        `Invalid function version ${other}. Function version ${other} is already included in routing configuration.`,
      );
    }
    if (!(weight >= 0 && weight <= 1))
      throw invalidParameter(`Weight ${weight} of version ${other} must be 0.0 to 1.0`);
    functions.resolve({ name, qualifier: other });
  }
}

function checkVersion(version: string): void {
  if (!/^(\$LATEST|\d+)$/.test(version))
    throw invalidParameter(`FunctionVersion ${version} must be $LATEST or a number`);
}
