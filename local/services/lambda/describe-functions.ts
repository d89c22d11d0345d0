import type { FunctionConfiguration, Lambda } from '@aws-sdk/client-lambda';
import type { Operations } from '../../gateway/service.ts';
import { logGroupName } from './function-environment.ts';
import { readFunctionReference, resourceNotFound } from './function-reference.ts';
import type { FunctionStore, FunctionVersion } from './function-store.ts';
import type { FunctionPolicies } from './function-policies.ts';

type Described = 'GetFunction' | 'GetFunctionConfiguration' | 'ListFunctions' | 'GetPolicy';

const maxPageSize = 50;

/** The operations that read functions. Their code and configuration change by the template only. */
export function describeOperations(
  functions: FunctionStore,
  policies: FunctionPolicies,
): Pick<Operations<Lambda>, Described> {
  return {
    GetFunction: ({ FunctionName = '', Qualifier }) => {
      const target = functions.resolve(readFunctionReference(FunctionName, Qualifier));
      const reserved = functions.reservedOf(target.name);
      return {
        Configuration: toConfiguration(target, target.invokedArn),
        Code: { RepositoryType: 'S3' },
        ...(reserved !== undefined && { Concurrency: { ReservedConcurrentExecutions: reserved } }),
      };
    },
    GetFunctionConfiguration: ({ FunctionName = '', Qualifier }) => {
      const target = functions.resolve(readFunctionReference(FunctionName, Qualifier));
      return toConfiguration(target, target.invokedArn);
    },
    ListFunctions: ({ Marker = '', MaxItems = maxPageSize }) => {
      const after = functions.list().filter(({ name }) => name > Marker);
      const page = after.slice(0, Math.min(MaxItems, maxPageSize));
      const last = page.at(-1);
      return {
        Functions: page.map((version) => toConfiguration(version, version.functionArn)),
        ...(last && after.length > page.length && { NextMarker: last.name }),
      };
    },
    GetPolicy: ({ FunctionName = '', Qualifier }) => {
      const { name, qualifier } = readFunctionReference(FunctionName, Qualifier);
      const { invokedArn } = functions.resolve({ name, ...(qualifier !== undefined && { qualifier }) });
      const policy = policies.policyOf(name, invokedArn, qualifier);
      if (!policy) throw resourceNotFound('The resource you requested does not exist.');
      return { Policy: JSON.stringify(policy) };
    },
  };
}

/** A version as the API describes it, under the ARN that the caller named or is to name. */
export function toConfiguration(version: FunctionVersion, arn: string): FunctionConfiguration {
  const { definition, code } = version;
  const { LoggingConfig: logging, TracingConfig, Environment, EphemeralStorage } = definition;
  // What the definition's schema has checked against Lambda's names is what the SDK's enums list.
  return {
    FunctionName: version.name,
    FunctionArn: arn,
    Version: version.version,
    Runtime: definition.Runtime,
    Role: definition.Role,
    Handler: definition.Handler,
    Timeout: definition.Timeout,
    MemorySize: definition.MemorySize,
    Description: definition.Description ?? '',
    LastModified: version.lastModifiedAt.replace('Z', '+0000'),
    RevisionId: version.revisionId,
    CodeSha256: code.sha256,
    CodeSize: code.sizeBytes,
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Architectures: definition.Architectures,
    TracingConfig: { Mode: TracingConfig?.Mode ?? 'PassThrough' },
    EphemeralStorage: { Size: EphemeralStorage?.Size ?? 512 },
    LoggingConfig: { LogFormat: logging?.LogFormat ?? 'Text', LogGroup: logGroupName(version) },
    ...(Environment?.Variables && { Environment: { Variables: Environment.Variables } }),
  } as FunctionConfiguration;
}
