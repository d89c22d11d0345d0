import { createHash } from 'node:crypto';
import { Names, Stack, Token } from 'aws-cdk-lib';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { hashOfNames } from '../../shared/actions/runner/parameter-names.ts';

/** CodePipeline's limit for one value of an action's configuration. */
export const longestValue = 1000;

/** Parameter Store's limits for the value of a standard and of an advanced parameter (user guide, "Parameter tiers"). */
const standardBytes = 4096;
const advancedBytes = 8192;

/** What an action's function reads. */
export interface UserParametersContent {
  readonly parameters: unknown;
  /** Whoever invokes the function may add it. */
  readonly context?: Readonly<Record<string, string>>;
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
  const content = { ...given, ...namesOf(given.parameters) };
  const length = lengthOf(JSON.stringify(content));
  if (length <= longestValue || !isRecord(content.parameters))
    return { text: stack.toJsonString(content), stored: undefined };
  const { known, later } = split(content.parameters);
  const { parameters: _all, ...rest } = content;
  const passed = { ...rest, parameters: later, ...pointerTo(scope, known) };
  const left = lengthOf(JSON.stringify(passed));
  if (left > longestValue) {
    throw new Error(
      `${where}: its parameters make ${length} characters of UserParameters, CodePipeline allows ${longestValue}, ` +
        `and ${left} of them can't be stored elsewhere, because they are known only at deployment or when the pipeline runs; shorten them`,
    );
  }
  return { text: stack.toJsonString(passed), stored: storeParameters(scope, where, known) };
}

/**
 * Puts parameters that are known at synth into Parameter Store, where `pointerTo` points.
 * @throws Error if they are over 8 KB
 */
export function storeParameters(scope: Construct, where: string, known: object): StringParameter {
  const value = textOf(known);
  const bytes = Buffer.byteLength(value);
  if (bytes > advancedBytes) {
    throw new Error(
      `${where}: its parameters have ${bytes} bytes, Parameter Store holds ${advancedBytes}; shorten them, or pass a file in an artifact`,
    );
  }
  const { name, sha256 } = pointerTo(scope, known).parametersFrom;
  return new StringParameter(scope, `Parameters${sha256.slice(0, 16)}`, {
    parameterName: name,
    description: `Slipway: parameters of ${where}`.slice(0, 1024),
    stringValue: value,
    tier: bytes > standardBytes ? ParameterTier.ADVANCED : ParameterTier.STANDARD,
  });
}

/** What the action's function finds stored parameters by, and knows them by. */
export function pointerTo(
  scope: Construct,
  known: object,
): { readonly parametersFrom: { readonly name: string; readonly sha256: string } } {
  const sha256 = createHash('sha256').update(textOf(known)).digest('hex');
  const place = Names.uniqueResourceName(scope, { maxLength: 200, separator: '-' });
  return { parametersFrom: { name: `/slipway/parameters/${place}/${sha256.slice(0, 16)}`, sha256 } };
}

/** The names go along where variables are passed, unless the deployment alone knows them: a token that is a list or an object. */
export function namesOf(parameters: unknown): { readonly names?: string } {
  if (!holds(parameters, isVariable) || holds(parameters, isUnknownShape)) return {};
  return { names: hashOfNames(parameters) };
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
export function lengthOf(text: string): number {
  const placeholders = text.match(/\$\{Token\[[^\]]*\]\}/g) ?? [];
  return placeholders.reduce((length, placeholder) => length - placeholder.length + tokenLength, text.length);
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
