import type { PipelineVariable, SourceRevisionOverride } from '@aws-sdk/client-codepipeline';
import { AwsError } from '../../../errors.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import type { SourceRevisionRequest } from '../records/executions.ts';
import { repeated } from '../structure/refusals.ts';
import type { ActionStructure, Structure } from '../structure/structure.ts';

/**
 * The values of all pipeline variables: those given over the defaults.
 * @throws AwsError `ValidationException` for one that is not declared, given twice, or has no value at all
 */
export function variablesOf(structure: Structure, given: readonly PipelineVariable[] = []): Record<string, string> {
  const values = new Map(given.map(({ name = '', value = '' }) => [name, value]));
  const twice = repeated(given.map(({ name = '' }) => name));
  if (twice !== undefined) throw invalid(`The pipeline variable '${twice}' is given more than once`);
  const declared = structure.variables.map((variable) => variable.name);
  const unknown = [...values.keys()].find((name) => !declared.includes(name));
  if (unknown !== undefined) {
    const known = declared.length > 0 ? declared.join(', ') : 'none';
    throw invalid(`Pipeline '${structure.name}' declares no variable '${unknown}'; declared: ${known}`);
  }
  return Object.fromEntries(
    structure.variables.map(({ name, defaultValue }) => {
      const value = values.get(name) ?? defaultValue;
      if (value === undefined) throw invalid(`The pipeline variable '${name}' has no default; give it a value`);
      return [name, value];
    }),
  );
}

/**
 * The asked source revisions, each fit for its source action.
 * @throws AwsError `ValidationException`
 */
export function sourceRevisionsOf(
  structure: Structure,
  providers: ProviderRegistry,
  given: readonly SourceRevisionOverride[] = [],
): SourceRevisionRequest[] {
  const requests = given.map(({ actionName = '', revisionType = 'COMMIT_ID', revisionValue = '' }) => {
    return { actionName, revisionType, revisionValue };
  });
  const sources = (structure.stages[0]?.actions ?? []).filter((action) => action.type.category === 'Source');
  for (const request of requests) checkRequest(request, sources, providers);
  const twice = repeated(requests.map(({ actionName, revisionType }) => `${revisionType} of '${actionName}'`));
  if (twice !== undefined) throw invalid(`The source revision ${twice} is given more than once`);
  return requests;
}

function checkRequest(
  { actionName, revisionType }: SourceRevisionRequest,
  sources: readonly ActionStructure[],
  providers: ProviderRegistry,
): void {
  const action = sources.find((source) => source.name === actionName);
  if (!action) {
    const known = sources.map((source) => source.name).join(', ');
    throw invalid(`'${actionName}' is no source action of the pipeline; its source actions: ${known}`);
  }
  const allowed = providers.find(action.type)?.revisionTypes ?? [];
  if (!allowed.includes(revisionType)) {
    throw invalid(`Source action '${actionName}' takes no ${revisionType}; allowed: ${allowed.join(', ')}`);
  }
  if (revisionType !== 'S3_OBJECT_KEY' || action.configuration['AllowOverrideForS3ObjectKey'] === 'true') return;
  throw invalid(`Source action '${actionName}' takes an S3_OBJECT_KEY only with AllowOverrideForS3ObjectKey 'true'`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
