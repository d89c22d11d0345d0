import { isJsonObject, type JsonObject } from '../../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../../template/resource.ts';
import type { CodeStore } from '../code.ts';
import { readFunctionDefinition } from '../function-definition.ts';
import { invalidParameter, readFunctionReference } from '../function-reference.ts';
import type { FunctionStore } from '../function-store.ts';

/** What functions are made with. */
export interface FunctionResourceParts {
  readonly functions: FunctionStore;
  readonly code: CodeStore;
  /** Told the revision that has been replaced or deleted. */
  retire(revisionId: string): void;
}

/** `AWS::Lambda::Function`. A change of code or configuration ends the warm threads. */
export function functionResource(parts: FunctionResourceParts): ResourceType {
  const put = (name: string, properties: JsonObject, context: ResourceContext): Provisioned => {
    const { Code, ...rest } = properties;
    if (!isJsonObject(Code)) throw invalidParameter('Code is missing: give S3Bucket and S3Key, or ZipFile');
    const definition = readFunctionDefinition(rest);
    const before = parts.functions.list().find((version) => version.name === name);
    const after = parts.functions.put(name, definition, parts.code.keep(Code, context));
    if (before && before.revisionId !== after.revisionId) parts.retire(before.revisionId);
    return { physicalId: name, attributes: { Arn: after.functionArn } };
  };
  return {
    type: 'AWS::Lambda::Function',
    replacedBy: ['FunctionName', 'PackageType'],
    create: (properties, context) => {
      const name = properties['FunctionName'];
      return put(
        typeof name === 'string' ? readFunctionReference(name).name : context.generateName(64),
        properties,
        context,
      );
    },
    update: (current, properties, context) => put(current.physicalId, properties, context),
    delete: ({ physicalId }) => {
      const ended = parts.functions.listVersions().filter(({ name }) => name === physicalId);
      parts.functions.delete(physicalId);
      for (const { revisionId } of ended) parts.retire(revisionId);
    },
  };
}
