import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import { notSupportedLocally } from '../../errors.ts';
import type { Operations } from '../../gateway/service.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { isOfApp } from './requests.ts';
import { textOf } from './text-of.ts';
import { descriptionOf, readTemplateBody } from './template-body.ts';

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
      if (isOfApp(name, state))
        throw notSupportedLocally(`GetTemplate of stack ${name}, whose template is in the app's cdk.out,`);
      return { TemplateBody: stacks.get(name).template, StagesAvailable: ['Original'] };
    },
    ValidateTemplate(input) {
      if (input.TemplateBody === undefined) throw notSupportedLocally('ValidateTemplate without TemplateBody');
      const { template, raw } = readTemplateBody(input.TemplateBody, 'template');
      return {
        Description: descriptionOf(raw),
        Parameters: Object.entries(template.Parameters).map(([name, { Default: fallback, NoEcho: isSecret }]) => ({
          ParameterKey: name,
          DefaultValue: fallback === undefined ? undefined : textOf(fallback),
          NoEcho: isSecret === true || isSecret === 'true',
        })),
      };
    },
  };
}
