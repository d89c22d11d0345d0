import { createHash } from 'node:crypto';
import type { Parameter, ParameterHistory, ParameterMetadata, SSM } from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { CloudContext } from '../service-module.ts';
import { invalidNextToken, parameterNotFound, validation, versionNotFound } from './errors.ts';
import { describeFilterKeys, isBelow, pathFilterKeys, readFilters, type ParameterFilter } from './filters.ts';
import { namesOfPath, parameterArn, parseName } from './names.ts';
import type { Parameters, ParameterVersion } from './parameters.ts';

const maxNamesAtOnce = 10;

/** GetParameter, GetParameters, GetParametersByPath, GetParameterHistory, DescribeParameters. */
export function readOperations(context: CloudContext, parameters: Parameters): Operations<SSM> {
  return {
    GetParameter(input) {
      const found = findNamed(parameters, input.Name ?? '');
      return { Parameter: parameterReply(context, found, input.WithDecryption) };
    },
    GetParameters(input) {
      const names = input.Names ?? [];
      checkNames(names);
      const found = names.map((name) => ({ name, named: attempt(() => findNamed(parameters, name)) }));
      return {
        Parameters: found.flatMap(({ named }) => (named ? [parameterReply(context, named, input.WithDecryption)] : [])),
        InvalidParameters: found.filter(({ named }) => !named).map(({ name }) => name),
      };
    },
    GetParametersByPath(input) {
      const path = input.Path ?? '';
      if (!path.startsWith('/')) {
        throw validation('The parameter path must begin with a forward slash "/" and name a hierarchy, e.g. /a/b.');
      }
      const passes = readFilters(input.ParameterFilters, pathFilterKeys);
      const page = readPage(parameters, {
        passes: (version, tags) => isBelow(version.name, path, input.Recursive ?? false) && passes(version, tags),
        limit: pageSize(input.MaxResults, 10),
        token: input.NextToken,
      });
      return {
        Parameters: page.versions.map((version) => parameterReply(context, { version }, input.WithDecryption)),
        ...(page.nextToken && { NextToken: page.nextToken }),
      };
    },
    GetParameterHistory(input) {
      const { name } = parseName(input.Name ?? '');
      if (!parameters.find(name)) throw parameterNotFound(name);
      const limit = pageSize(input.MaxResults, 50);
      const versions = parameters.history(name, readVersionToken(input.NextToken), limit + 1);
      const listed = versions.slice(0, limit);
      return {
        Parameters: listed.map((version) => historyReply(context, version, input.WithDecryption)),
        ...(versions.length > limit && { NextToken: writeToken(String(listed.at(-1)?.version)) }),
      };
    },
    DescribeParameters(input) {
      const legacy = (input.Filters ?? []).map(({ Key, Values }) => ({ Key, Values, Option: 'BeginsWith' }));
      const passes = readFilters([...(input.ParameterFilters ?? []), ...legacy], describeFilterKeys);
      const page = readPage(parameters, { passes, limit: pageSize(input.MaxResults, 50), token: input.NextToken });
      return {
        Parameters: page.versions.map((version) => metadataReply(context, version)),
        ...(page.nextToken && { NextToken: page.nextToken }),
      };
    },
  };
}

interface Named {
  readonly version: ParameterVersion;
  /** `:3`, as the request gave it. */
  readonly selector?: string;
}

function findNamed(parameters: Parameters, text: string): Named {
  const { name: path, selector } = parseName(text);
  const names = text.startsWith('arn:') ? namesOfPath(path) : [path];
  const name = names.find((candidate) => parameters.find(candidate));
  const newest = name === undefined ? undefined : parameters.find(name);
  if (!newest) throw parameterNotFound(text);
  if (selector === undefined) return { version: newest };
  // Anything but a number would be a label, and no version has any.
  const version = /^\d+$/.test(selector) ? parameters.find(newest.name, Number(selector)) : undefined;
  if (!version) throw versionNotFound(newest.name, selector);
  return { version, selector: `:${selector}` };
}

function attempt(find: () => Named): Named | undefined {
  try {
    return find();
  } catch (error) {
    const isMissing =
      error instanceof AwsError && (error.code === 'ParameterNotFound' || error.code === 'ParameterVersionNotFound');
    if (isMissing) return undefined;
    throw error;
  }
}

/** One to ten names, each once. */
export function checkNames(names: readonly string[]): void {
  if (names.length < 1 || names.length > maxNamesAtOnce) {
    throw validation(`names must have 1 to ${maxNamesAtOnce} members; got ${names.length}.`);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw validation(`Duplicated parameter name: ${twice}.`);
}

/** What a reader sees of the value: without decryption, a secure string is only a stand-in for its ciphertext. */
function visibleValue(context: CloudContext, version: ParameterVersion, isDecrypted: boolean | undefined): string {
  if (version.type !== 'SecureString' || isDecrypted) return version.value;
  const place = `${parameterArn(context, version.name)}:${version.version}`;
  return createHash('sha512').update(place).digest('base64');
}

function parameterReply(context: CloudContext, { version, selector }: Named, isDecrypted?: boolean): Parameter {
  return {
    Name: version.name,
    Type: version.type,
    Value: visibleValue(context, version, isDecrypted),
    Version: version.version,
    ...(selector !== undefined && { Selector: selector }),
    LastModifiedDate: new Date(version.modifiedAtMs),
    ARN: parameterArn(context, version.name),
    DataType: 'text',
  };
}

function metadataReply(context: CloudContext, version: ParameterVersion): ParameterMetadata {
  return { ...describedReply(version), ARN: parameterArn(context, version.name) };
}

function historyReply(context: CloudContext, version: ParameterVersion, isDecrypted?: boolean): ParameterHistory {
  return { ...describedReply(version), Value: visibleValue(context, version, isDecrypted), Labels: [] };
}

function describedReply(version: ParameterVersion): ParameterMetadata {
  return {
    Name: version.name,
    Type: version.type,
    ...(version.keyId !== undefined && { KeyId: version.keyId }),
    LastModifiedDate: new Date(version.modifiedAtMs),
    LastModifiedUser: version.modifiedBy,
    ...(version.description !== undefined && { Description: version.description }),
    ...(version.allowedPattern !== undefined && { AllowedPattern: version.allowedPattern }),
    Version: version.version,
    Tier: version.tier,
    Policies: [],
    DataType: 'text',
  };
}

interface PageQuery {
  readonly passes: ParameterFilter;
  readonly limit: number;
  readonly token: string | undefined;
}

function readPage(
  parameters: Parameters,
  { passes, limit, token }: PageQuery,
): { versions: ParameterVersion[]; nextToken?: string } {
  const versions: ParameterVersion[] = [];
  for (const version of parameters.list(readToken(token))) {
    if (!passes(version, parameters.tags(version.name))) continue;
    if (versions.length === limit) return { versions, nextToken: writeToken(versions.at(-1)?.name ?? '') };
    versions.push(version);
  }
  return { versions };
}

function pageSize(asked: number | undefined, most: number): number {
  if (asked === undefined) return most;
  if (asked >= 1 && asked <= most) return asked;
  throw validation(`maxResults must be between 1 and ${most}; got ${asked}.`);
}

/** Tokens are opaque to readers: where the last page ended. */
function writeToken(last: string): string {
  return Buffer.from(`ssm:${last}`).toString('base64');
}

function readToken(token: string | undefined): string {
  if (token === undefined) return '';
  const text = Buffer.from(token, 'base64').toString();
  if (!text.startsWith('ssm:')) throw invalidNextToken();
  return text.slice('ssm:'.length);
}

function readVersionToken(token: string | undefined): number {
  const last = readToken(token);
  if (!/^\d*$/.test(last)) throw invalidNextToken();
  return Number(last);
}
