import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import type { ParameterVersion } from './parameters.ts';

/** Whether a parameter passes a filter; the tags are those of the parameter's name. */
export type ParameterFilter = (version: ParameterVersion, tags: Readonly<Record<string, string>>) => boolean;

/** The filter keys of GetParametersByPath. */
export const pathFilterKeys: readonly string[] = ['Type', 'KeyId', 'DataType'];

/** The filter keys of DescribeParameters. */
export const describeFilterKeys: readonly string[] = [...pathFilterKeys, 'Name', 'Path', 'Tier', 'tag:'];

/**
 * Reads filters; a parameter must pass all of them.
 * @throws AwsError `InvalidFilterKey`, `InvalidFilterOption`, `InvalidFilterValue`
 */
export function readFilters(
  filters: readonly ParameterStringFilter[] | undefined,
  allowedKeys: readonly string[],
): ParameterFilter {
  const read = (filters ?? []).map((filter) => readFilter(filter, allowedKeys));
  return (version, tags) => read.every((passes) => passes(version, tags));
}

/** Whether `name` lies below `path`: directly, or at any depth. */
export function isBelow(name: string, path: string, isRecursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  const qualified = name.startsWith('/') ? name : `/${name}`;
  return qualified.startsWith(prefix) && (isRecursive || !qualified.slice(prefix.length).includes('/'));
}

function readFilter(filter: ParameterStringFilter, allowedKeys: readonly string[]): ParameterFilter {
  const { Key: key = '', Values: values = [] } = filter;
  const isTag = key.startsWith('tag:');
  if (!allowedKeys.includes(isTag ? 'tag:' : key)) {
    throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid: use ${allowedKeys.join(', ')}.`);
  }
  if (isTag) {
    const name = key.slice('tag:'.length);
    return (_, tags) => name in tags && (values.length === 0 || values.includes(tags[name] ?? ''));
  }
  if (values.length === 0) throw new AwsError('InvalidFilterValue', `The filter ${key} has no values.`);
  if (key === 'Path') return pathFilter(filter.Option ?? 'OneLevel', values);
  const matches = comparison(key, filter.Option ?? 'Equals');
  return (version) => values.some((value) => matches(fieldOf(version, key), value));
}

function pathFilter(option: string, paths: readonly string[]): ParameterFilter {
  if (option !== 'OneLevel' && option !== 'Recursive') throw invalidOption('Path', option, 'OneLevel, Recursive');
  return ({ name }) => paths.some((path) => isBelow(name, path, option === 'Recursive'));
}

function comparison(key: string, option: string): (field: string, value: string) => boolean {
  if (option === 'Equals') return (field, value) => field === value;
  if (option === 'BeginsWith') return (field, value) => field.startsWith(value);
  if (option === 'Contains' && key === 'Name') return (field, value) => field.includes(value);
  throw invalidOption(key, option, key === 'Name' ? 'Equals, BeginsWith, Contains' : 'Equals, BeginsWith');
}

function fieldOf(version: ParameterVersion, key: string): string {
  if (key === 'Name') return version.name;
  if (key === 'Type') return version.type;
  if (key === 'Tier') return version.tier;
  if (key === 'DataType') return 'text';
  return version.keyId ?? '';
}

function invalidOption(key: string, option: string, allowed: string): AwsError {
  return new AwsError('InvalidFilterOption', `The filter option ${option} is not valid for ${key}: use ${allowed}.`);
}
