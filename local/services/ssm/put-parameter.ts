import type { ParameterTier, ParameterType, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { validation } from './errors.ts';
import { checkNewName } from './names.ts';
import { maxAdvancedValue, maxStandardValue, type Parameters, type ParameterVersion } from './parameters.ts';

/** Who puts a parameter, and when. */
export interface Putting {
  readonly atMs: number;
  readonly by: string;
}

/**
 * Creates a parameter or its next version, inside the open transaction. What an overwrite leaves out (type, description,
 * pattern, tier) stays as it was.
 * @throws AwsError `ParameterAlreadyExists`, `ParameterPatternMismatchException`, `ValidationException`, …
 */
export function putParameter(
  parameters: Parameters,
  input: PutParameterCommandInput,
  { atMs, by }: Putting,
): ParameterVersion {
  const name = input.Name ?? '';
  checkNewName(name);
  const current = parameters.find(name);
  refuseUnsupported(input);
  checkOverwrite(input, current);
  const description = input.Description ?? current?.description;
  const allowedPattern = input.AllowedPattern ?? current?.allowedPattern;
  const value = input.Value ?? '';
  checkPattern(value, allowedPattern);
  const type = chooseType(input.Type, current);
  const keyId = type === 'SecureString' ? (input.KeyId ?? current?.keyId ?? 'alias/aws/ssm') : undefined;
  const added: ParameterVersion = {
    name,
    version: (current?.version ?? 0) + 1,
    type,
    value,
    tier: chooseTier(value, input.Tier, current),
    ...(description && { description: checkDescription(description) }),
    ...(allowedPattern && { allowedPattern }),
    ...(keyId !== undefined && { keyId }),
    modifiedAtMs: atMs,
    modifiedBy: by,
  };
  parameters.add(added);
  if (input.Tags) {
    parameters.saveTags(name, Object.fromEntries(input.Tags.map(({ Key = '', Value = '' }) => [Key, Value])));
  }
  return added;
}

function refuseUnsupported(input: PutParameterCommandInput): void {
  if (input.Policies && input.Policies !== '[]' && input.Policies !== '{}') {
    throw notSupportedLocally('parameter policies (expiration, notification) of SSM');
  }
  if (input.DataType !== undefined && input.DataType !== 'text') {
    throw notSupportedLocally(`the SSM parameter data type ${input.DataType}`);
  }
}

function checkOverwrite(input: PutParameterCommandInput, current: ParameterVersion | undefined): void {
  if (input.Overwrite && input.Tags && input.Tags.length > 0) {
    throw validation(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (!current || input.Overwrite) return;
  throw new AwsError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );
}

const types: readonly string[] = ['String', 'StringList', 'SecureString'] satisfies ParameterType[];

function chooseType(asked: ParameterType | undefined, current: ParameterVersion | undefined): ParameterType {
  if (asked !== undefined && !types.includes(asked)) {
    throw new AwsError(
      'UnsupportedParameterType',
      `The parameter type ${asked} is not supported: use ${types.join(', ')}.`,
    );
  }
  const type = asked ?? current?.type;
  if (type === undefined) throw validation('A parameter type is required when you create a parameter.');
  if (!current || current.type === type) return type;
  throw new AwsError(
    'HierarchyTypeMismatchException',
    `The parameter ${current.name} is of type ${current.type} and can't become ${type}: delete it and create a new one.`,
  );
}

function chooseTier(
  value: string,
  asked: ParameterTier | undefined,
  current: ParameterVersion | undefined,
): ParameterTier {
  if (value.length === 0) throw validation('Parameter value must have at least 1 character.');
  if (current?.tier === 'Advanced' && asked === 'Standard') {
    throw validation(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const isLong = characters(value) > maxStandardValue;
  const isAdvanced =
    asked === 'Advanced' || current?.tier === 'Advanced' || (asked === 'Intelligent-Tiering' && isLong);
  if (isLong && !isAdvanced) {
    throw validation(
      `Standard tier parameters support a maximum parameter value of ${maxStandardValue} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
    );
  }
  if (characters(value) > maxAdvancedValue) {
    throw validation(`Advanced tier parameters support a maximum parameter value of ${maxAdvancedValue} characters.`);
  }
  return isAdvanced ? 'Advanced' : 'Standard';
}

/** The limits are documented in KB; bytes are the stricter reading of "characters". */
function characters(value: string): number {
  return Buffer.byteLength(value);
}

function checkPattern(value: string, pattern: string | undefined): void {
  if (!pattern) return;
  let expression: RegExp;
  try {
    expression = new RegExp(pattern);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      `The request does not meet the regular expression requirement: ${pattern}`,
    );
  }
  if (expression.test(value)) return;
  throw new AwsError(
    'ParameterPatternMismatchException',
    `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
  );
}

function checkDescription(description: string): string {
  if (description.length <= 1024) return description;
  throw validation(`Description must have at most 1024 characters; got ${description.length}.`);
}
