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
 * With `*` for every variable. Whoever sets a variable that is all of a name, or another whole part of an ARN, would choose among
 * everything there is; so something of the name has to be fixed.
 */
function widened(resource: string, what: string): string {
  if (!resource.includes('#{')) return resource;
  const wide = resource.replaceAll(variable, '*');
  const parts = resource.split(':');
  const scope = parts.slice(0, 5);
  const name = parts
    .slice(5)
    .join(':')
    .replace(/^[A-Za-z-]+[:/]/, '');
  if (scope.every(isFixed) && isFixed(name)) return wide;
  throw new Error(
    `${what} would be allowed on ${wide.replaceAll(token, '…')}, since the pipeline's variable can be anything; ` +
      'write out at least a part of the name that is fixed, e.g. preview-#{…}',
  );
}

const variable = /#\{[^}]*\}/g;
const token = /\$\{Token\[[^\]]*\]\}/g;

/** Whether something is left without the variables; wildcards of IAM and what stands between the parts of a name fix nothing. */
function isFixed(part: string): boolean {
  return !part.includes('#{') || part.replaceAll(variable, '').replaceAll(/[-*?/:.]/g, '') !== '';
}
