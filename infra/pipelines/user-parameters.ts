import { createHash } from 'node:crypto';
import { Names, Stack, Token } from 'aws-cdk-lib';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { hashOfNames } from '../../shared/actions/parameter-names.ts';

/** CodePipeline's limit for one value of an action's configuration. */
const longestUserParameters = 1000;

/** Parameter Store's limits for the value of a standard and of an advanced parameter (user guide, "Parameter tiers"). */
const standardBytes = 4096;
const advancedBytes = 8192;

/** What an action's function reads. */
export interface UserParametersContent {
  readonly parameters: unknown;
  readonly context: Readonly<Record<string, string>>;
  readonly wait?: 'push' | 'poll';
}

/** The text for CodePipeline, and what of the parameters lies in Parameter Store because it would not fit in there. */
export interface PassedParameters {
  /** May hold tokens. */
  readonly text: string;
  readonly stored: StringParameter | undefined;
}

/**
 * Makes an action's UserParameters. Over 1,000 characters, the parameters go into a parameter of Parameter Store whose name
 * ends with the hash of its content, which the action checks; those that are known only later (a token, `#{…}`) stay.
 * @throws Error if what stays is too long, or what goes is over 8 KB
 */
export function passParameters(scope: Construct, where: string, given: UserParametersContent): PassedParameters {
  const stack = Stack.of(scope);
  const content = withNames(given);
  const length = lengthOf(content);
  if (length <= longestUserParameters || !isRecord(content.parameters))
    return { text: stack.toJsonString(content), stored: undefined };
  const { known, later } = split(content.parameters);
  const value = textOf(known);
  const sha256 = createHash('sha256').update(value).digest('hex');
  const name = `/slipway/parameters/${Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' })}/${sha256.slice(0, 16)}`;
  const { parameters: _all, ...rest } = content;
  const passed = { ...rest, parameters: later, parametersFrom: { name, sha256 } };
  refuseTooLong(where, { passed, value, length });
  const stored = new StringParameter(scope, `Parameters${sha256.slice(0, 16)}`, {
    parameterName: name,
    description: `Slipway: parameters of ${where}`.slice(0, 1024),
    stringValue: value,
    tier: Buffer.byteLength(value) > standardBytes ? ParameterTier.ADVANCED : ParameterTier.STANDARD,
  });
  return { text: stack.toJsonString(passed), stored };
}

/** Where variables are passed, so are the names, unless the deployment alone knows them: a token that is a list or an object. */
function withNames(content: UserParametersContent): UserParametersContent & { readonly names?: string } {
  const { parameters } = content;
  if (!holds(parameters, isVariable) || holds(parameters, isUnknownShape)) return content;
  return { ...content, names: hashOfNames(parameters) };
}

function isVariable(value: unknown): boolean {
  return typeof value === 'string' && value.includes('#{');
}

function isUnknownShape(value: unknown): boolean {
  return typeof value === 'object' && Token.isUnresolved(value);
}

function holds(value: unknown, test: (value: unknown) => boolean): boolean {
  if (test(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => holds(inner, test));
}

/** As long as an ARN may well be, which is what most tokens stand for; synth sees a placeholder of 20 characters. */
const tokenLength = 150;

/** How many characters a text has at deployment, by all that synth knows. */
function lengthOf(content: object): number {
  const text = JSON.stringify(content);
  const placeholders = text.match(/\$\{Token\[[^\]]*\]\}/g) ?? [];
  return placeholders.reduce((length, placeholder) => length - placeholder.length + tokenLength, text.length);
}

function refuseTooLong(
  where: string,
  { passed, value, length }: { readonly passed: object; readonly value: string; readonly length: number },
): void {
  const left = lengthOf(passed);
  if (left > longestUserParameters) {
    throw new Error(
      `${where}: its parameters make ${length} characters of UserParameters, CodePipeline allows ${longestUserParameters}, ` +
        `and ${left} of them can't be stored elsewhere, because they are known only at deployment or when the pipeline runs; shorten them`,
    );
  }
  const bytes = Buffer.byteLength(value);
  if (bytes > advancedBytes) {
    throw new Error(
      `${where}: its parameters have ${bytes} bytes, Parameter Store holds ${advancedBytes}; shorten them, or pass a file in an artifact`,
    );
  }
}

function split(parameters: Readonly<Record<string, unknown>>): { known: object; later: object } {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return {
    known: Object.fromEntries(entries.filter(([, value]) => !isKnownLater(value))),
    later: Object.fromEntries(entries.filter(([, value]) => isKnownLater(value))),
  };
}

/** Parameter Store takes no `{{` (PutParameter, "Value"); in JSON it is in strings alone. */
function textOf(value: object): string {
  return JSON.stringify(value).replaceAll('{{', '{\\u007b');
}

/** A token is resolved by CloudFormation, a `#{…}` when the pipeline runs; only then can the value be checked. */
export function isKnownLater(value: unknown): boolean {
  return holds(value, (inner) => Token.isUnresolved(inner) || isVariable(inner));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
