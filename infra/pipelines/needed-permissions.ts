import { Fn, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ActionDeclaration, ActionPermission, DeployedWhere } from '../../shared/actions/action.ts';
import { asFarAsKnown } from './known-parameters.ts';

/**
 * What this use of an action needs; what is known only when the pipeline runs widens to `*` in its place.
 * @throws Error if it would widen to everything there is, every secret or every stack
 */
export function neededPermissions(
  scope: Construct,
  declaration: ActionDeclaration,
  { parameters, pipelineName }: { readonly parameters: unknown; readonly pipelineName: string },
): readonly ActionPermission[] {
  const { partition, region, account } = Stack.of(scope);
  const where: DeployedWhere = {
    ...{ partition, region, account },
    pipelineArn: `arn:${partition}:codepipeline:${region}:${account}:${pipelineName}`,
    partOf: (arn, index) =>
      Token.isUnresolved(arn) ? Fn.select(index, Fn.split(':', arn)) : (arn.split(':')[index] ?? ''),
  };
  const needed = declaration.permissionsFor?.(asFarAsKnown(declaration.parameters, parameters), where);
  return (needed ?? []).map((permission) => ({
    ...permission,
    resources: permission.resources.map((resource) =>
      widened(resource, `action ${declaration.id}: ${permission.actions.join(', ')}`),
    ),
  }));
}

/**
 * With `*` for every variable. Whoever sets a variable that is a whole part of an ARN (a name, a folder of a path, an account)
 * would choose among everything there is.
 */
function widened(resource: string, what: string): string {
  const parts = resource.split(/[:/]/).filter((part) => part.includes('#{'));
  if (parts.some((part) => part.replace(variable, '').replaceAll(/[-*?]/g, '') === ''))
    throw new Error(
      `${what} would be allowed on ${resource.replace(variable, '*')}, since the pipeline's variable in ${resource} can be ` +
        'anything; write out at least the part of the name that is fixed, e.g. preview-#{…}',
    );
  return resource.replace(variable, '*');
}

const variable = /#\{[^}]*\}/g;
