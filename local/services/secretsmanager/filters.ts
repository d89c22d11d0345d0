import type { Filter } from '@aws-sdk/client-secrets-manager';
import { invalidParameter } from './errors.ts';
import type { Secret } from './secrets.ts';

/** What each filter key looks at. */
const fields: Readonly<Record<string, (secret: Secret) => readonly string[]>> = {
  name: ({ name }) => [name],
  description: ({ description = '' }) => [description],
  'tag-key': ({ tags }) => Object.keys(tags),
  'tag-value': ({ tags }) => Object.values(tags),
  all: ({ name, description = '', tags }) => [name, description, ...Object.entries(tags).flat()],
};

/**
 * Reads the filters of ListSecrets: a secret must pass all; a value begins a field, `!` in front of it excludes.
 * @throws AwsError `InvalidParameterException`
 */
export function readFilter(filters: readonly Filter[] | undefined): (secret: Secret) => boolean {
  const read = (filters ?? []).map(({ Key = '', Values = [] }) => {
    const fieldsOf = fields[Key];
    if (!fieldsOf) throw invalidParameter(`The filter ${Key} is not valid: use ${Object.keys(fields).join(', ')}.`);
    return (secret: Secret) => Values.some((value) => passes(fieldsOf(secret), value));
  });
  return (secret) => read.every((filter) => filter(secret));
}

function passes(texts: readonly string[], value: string): boolean {
  if (value.startsWith('!')) return !passes(texts, value.slice(1));
  return texts.some((text) => text.startsWith(value));
}
