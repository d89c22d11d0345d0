import { Fn, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as z from 'zod/mini';
import type { ActionDeclaration, ActionPermission, DeployedWhere } from '../../shared/actions/action.ts';

/** What this use of an action needs; what is known only when the pipeline runs widens to `*` in its place. */
export function neededPermissions(
  scope: Construct,
  declaration: ActionDeclaration,
  { parameters, pipelineName }: { readonly parameters: unknown; readonly pipelineName: string },
): readonly ActionPermission[] {
  const { partition, region, account } = Stack.of(scope);
  const read = z.safeParse(declaration.parameters, parameters);
  const where: DeployedWhere = {
    ...{ partition, region, account },
    pipelineArn: `arn:${partition}:codepipeline:${region}:${account}:${pipelineName}`,
    partOf: (arn, index) =>
      Token.isUnresolved(arn) ? Fn.select(index, Fn.split(':', arn)) : (arn.split(':')[index] ?? ''),
  };
  const needed = declaration.permissionsFor?.(read.success ? read.data : parameters, where);
  return (needed ?? []).map(({ actions, resources }) => ({
    actions,
    resources: resources.map((resource) => resource.replaceAll(/#\{[^}]*\}/g, '*')),
  }));
}
