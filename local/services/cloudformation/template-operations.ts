import type { CloudFormation, GetTemplateSummaryInput, ParameterDeclaration } from '@aws-sdk/client-cloudformation';
import { notSupportedLocally } from '../../errors.ts';
import type { Principal } from '../../gateway/principal.ts';
import type { Operations } from '../../gateway/service.ts';
import type { Template } from '../../template/template.ts';
import { neededCapability } from './capabilities.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { isOfApp, refuseMembers } from './requests.ts';
import { textOf } from './text-of.ts';
import { descriptionOf, readTemplateBody, readTemplateText } from './template-body.ts';

/** Operations on templates. */
export function templateOperations(state: CloudFormationState): Operations<CloudFormation> {
  const { stacks } = state;
  return {
    GetTemplate(input) {
      const { StackName: name = '', ChangeSetName: changeSet } = input;
      if (changeSet !== undefined) {
        const found = state.changeSets.get(changeSet, name === '' ? undefined : stacks.find(name)?.id);
        return { TemplateBody: found.template, StagesAvailable: ['Original'] };
      }
      return { TemplateBody: templateOf(name, 'GetTemplate', state), StagesAvailable: ['Original'] };
    },
    GetTemplateSummary: (input, { principal }) => summarize(input, principal, state),
    ValidateTemplate(input) {
      if (input.TemplateBody === undefined) throw notSupportedLocally('ValidateTemplate without TemplateBody');
      const { template, raw } = readTemplateBody(input.TemplateBody, 'template');
      return {
        Description: descriptionOf(raw),
        Parameters: declaredParameters(template).map(({ ParameterType: _untold, ...parameter }) => parameter),
      };
    },
  };
}

function templateOf(stackName: string, operation: string, state: CloudFormationState): string {
  if (isOfApp(stackName, state))
    throw notSupportedLocally(`${operation} of stack ${stackName}, whose template is in the app's cdk.out,`);
  return state.stacks.get(stackName).template;
}

async function summarize(input: GetTemplateSummaryInput, principal: Principal, state: CloudFormationState) {
  refuseMembers(input, ['StackSetName', 'CallAs', 'TemplateSummaryConfig']);
  const { StackName: name } = input;
  const { gateway, endpoint } = state.context;
  const text =
    name === undefined
      ? await readTemplateText(input, undefined, { gateway, endpoint, principal })
      : templateOf(name, 'GetTemplateSummary', state);
  const { template, raw } = readTemplateBody(text, name ?? 'template');
  const capability = neededCapability(template);
  return {
    Parameters: declaredParameters(template),
    Description: descriptionOf(raw),
    ResourceTypes: [...new Set(Object.values(template.Resources).map(({ Type: type }) => type))],
    ...(capability === undefined ? {} : { Capabilities: [capability] }),
  };
}

function declaredParameters({ Parameters: parameters }: Template): ParameterDeclaration[] {
  return Object.entries(parameters).map(([name, { Type: type, Default: fallback, NoEcho: isSecret }]) => ({
    ParameterKey: name,
    ParameterType: type,
    DefaultValue: fallback === undefined ? undefined : textOf(fallback),
    NoEcho: isSecret === true || isSecret === 'true',
  }));
}
