import { randomInt } from 'node:crypto';
import { isJsonObject } from '../../json.ts';
import { invalidParameter, validation } from './errors.ts';

/** The options of GetRandomPassword, which a template's GenerateSecretString shares. */
export interface PasswordOptions {
  readonly PasswordLength?: number | undefined;
  readonly ExcludeCharacters?: string | undefined;
  readonly ExcludeNumbers?: boolean | undefined;
  readonly ExcludePunctuation?: boolean | undefined;
  readonly ExcludeUppercase?: boolean | undefined;
  readonly ExcludeLowercase?: boolean | undefined;
  readonly IncludeSpace?: boolean | undefined;
  /** True unless it is said to be false. */
  readonly RequireEachIncludedType?: boolean | undefined;
}

/** A template's GenerateSecretString: a password, or a JSON template that gets one under a key. */
export interface SecretStringOptions extends PasswordOptions {
  readonly SecretStringTemplate?: string | undefined;
  readonly GenerateStringKey?: string | undefined;
}

const defaultLength = 32;
const maxLength = 4096;
const lowercase = 'abcdefghijklmnopqrstuvwxyz';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * Makes a random password as GetRandomPassword does.
 * @throws AwsError `InvalidParameterException`, `ValidationException`
 */
export function randomPassword(options: PasswordOptions): string {
  const length = options.PasswordLength ?? defaultLength;
  if (!Number.isInteger(length) || length < 1 || length > maxLength) {
    throw validation(`PasswordLength must be between 1 and ${maxLength}; got ${length}.`);
  }
  const types = includedTypes(options);
  const all = types.join('');
  if (all === '') throw invalidParameter('The password can not be generated: every character is excluded.');
  const required = options.RequireEachIncludedType === false ? [] : types;
  if (required.length > length) {
    throw invalidParameter(`A password of ${length} characters cannot have one of each of ${required.length} types.`);
  }
  const characters = [...required.map(pick), ...Array.from({ length: length - required.length }, () => pick(all))];
  return shuffle(characters).join('');
}

/**
 * Makes the value of a secret that a template generates.
 * @throws AwsError `InvalidParameterException` when template and key are not given together, or the template is no object
 */
export function generateSecretString(options: SecretStringOptions): string {
  const { SecretStringTemplate: template, GenerateStringKey: key } = options;
  if (template === undefined && key === undefined) return randomPassword(options);
  if (template === undefined || key === undefined) {
    throw invalidParameter('SecretStringTemplate and GenerateStringKey must be given together.');
  }
  return JSON.stringify({ ...parseTemplate(template), [key]: randomPassword(options) });
}

/** The alphabets that are left, without the excluded characters; empty ones fall away. */
function includedTypes(options: PasswordOptions): string[] {
  const excluded = new Set(options.ExcludeCharacters ?? '');
  const types = [
    options.ExcludeLowercase ? '' : lowercase,
    options.ExcludeUppercase ? '' : lowercase.toUpperCase(),
    options.ExcludeNumbers ? '' : '0123456789',
    options.ExcludePunctuation ? '' : punctuation,
    options.IncludeSpace ? ' ' : '',
  ];
  return types
    .map((type) => [...type].filter((character) => !excluded.has(character)).join(''))
    .filter((type) => type !== '');
}

function pick(alphabet: string): string {
  return alphabet.charAt(randomInt(alphabet.length));
}

function shuffle(characters: readonly string[]): string[] {
  const left = [...characters];
  return characters.map(() => left.splice(randomInt(left.length), 1)[0] ?? '');
}

function parseTemplate(template: string): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(template);
  } catch {
    throw invalidParameter('SecretStringTemplate must be JSON.');
  }
  if (!isJsonObject(parsed)) throw invalidParameter('SecretStringTemplate must be a JSON object.');
  return parsed;
}
