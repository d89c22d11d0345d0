import type { Parameter } from '@aws-sdk/client-cloudformation';
import { isJsonObject, type JsonObject } from '../../json.ts';
import type { Template } from '../../template/template.ts';
import { validationError } from './errors.ts';

/**
 * The values that a request gives to parameters, those it takes over from the stack among them.
 * @throws AwsError ValidationError for one that the template does not have or does not allow, or that has no value
 */
export function readGivenParameters(
  given: readonly Parameter[],
  template: JsonObject,
  previous: Readonly<Record<string, string>>,
): Record<string, string> {
  const declared = isJsonObject(template['Parameters']) ? template['Parameters'] : {};
  const unknown = given.flatMap(({ ParameterKey: key = '' }) => (Object.hasOwn(declared, key) ? [] : [key]));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const values: Record<string, string> = {};
  for (const { ParameterKey: key = '', ParameterValue: value, UsePreviousValue: isPrevious } of given) {
    const used = isPrevious ? previous[key] : value;
    if (used !== undefined) values[key] = used;
    else if (isPrevious && !hasDefault(declared[key])) {
      throw validationError(`Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true`);
    }
  }
  const missing = Object.keys(declared).filter((key) => values[key] === undefined && !hasDefault(declared[key]));
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  for (const [key, value] of Object.entries(values)) checkValue(key, value, declared[key]);
  return values;
}

/** The template with the given values in the place of its defaults. */
export function withValues(template: Template, values: Readonly<Record<string, string>>): Template {
  const parameters = Object.entries(template.Parameters).map(([name, parameter]) => [
    name,
    values[name] === undefined ? parameter : { ...parameter, Default: values[name] },
  ]);
  // The entries are those of the template's own parameters.
  return { ...template, Parameters: Object.fromEntries(parameters) as Template['Parameters'] };
}

/** A stack's parameters as they are shown: what is secret is not. */
export function shownParameters(template: Template, values: Readonly<Record<string, string>>): Parameter[] {
  return Object.entries(template.Parameters).map(([name, { Default: fallback, NoEcho: isSecret }]) => ({
    ParameterKey: name,
    ParameterValue: isSecret === true || isSecret === 'true' ? '****' : (values[name] ?? String(fallback)),
  }));
}

function hasDefault(declaration: unknown): boolean {
  return isJsonObject(declaration) && declaration['Default'] !== undefined;
}

function checkValue(key: string, value: string, declaration: unknown): void {
  if (!isJsonObject(declaration)) return;
  const problem = problemOf(value, declaration);
  if (problem === undefined) return;
  const { ConstraintDescription: told } = declaration;
  throw validationError(
    typeof told === 'string'
      ? `Parameter ${key} failed to satisfy constraint: ${told}`
      : `Parameter '${key}' must ${problem}`,
  );
}

function problemOf(value: string, declaration: JsonObject): string | undefined {
  const { AllowedValues: allowed, AllowedPattern: pattern, Type: type } = declaration;
  const bound = (name: string): number | undefined =>
    declaration[name] === undefined ? undefined : Number(declaration[name]);
  if (type === 'Number' && !(value.trim() !== '' && Number.isFinite(Number(value)))) return 'be a number';
  if (Array.isArray(allowed) && !allowed.map(String).includes(value)) return 'be one of AllowedValues';
  if (typeof pattern === 'string' && !new RegExp(`^(?:${pattern})$`).test(value)) return `match pattern ${pattern}`;
  if (value.length < (bound('MinLength') ?? 0)) return `contain at least ${bound('MinLength')} characters`;
  if (value.length > (bound('MaxLength') ?? Infinity)) return `contain at most ${bound('MaxLength')} characters`;
  if (Number(value) < (bound('MinValue') ?? -Infinity)) return `be a number not less than ${bound('MinValue')}`;
  if (Number(value) > (bound('MaxValue') ?? Infinity)) return `be a number not greater than ${bound('MaxValue')}`;
  return undefined;
}
