import type { CfnCustomActionType } from 'aws-cdk-lib/aws-codepipeline';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import { installationProperty, type WorkOrder } from '../../shared/actions/work-order.ts';
import { isRequired, isText, membersOf } from './schema-members.ts';
import { isKnownLater } from './user-parameters.ts';

/** CodePipeline's quota for the properties of a custom action type, one of which says whose jobs a worker asks for. */
const mostProperties = 10;

/** CodePipeline's limit for the value of a property in an action's configuration. */
const longestValue = 1000;

/**
 * The properties of a custom action type, one for each parameter of the action, and the queryable one.
 * @throws Error if the parameters are no plain object, too many, or one has the name of the queryable property
 */
export function propertiesOf({
  id,
  parameters,
}: ActionDeclaration): CfnCustomActionType.ConfigurationPropertiesProperty[] {
  const members = membersOf(parameters);
  if (!members) {
    throw new Error(
      `action ${id} can be no custom action: its parameters are no plain object, whose members have names`,
    );
  }
  const names = Object.keys(members);
  if (names.length >= mostProperties || names.includes(installationProperty)) {
    throw new Error(
      `action ${id} can be no custom action: it has the parameters ${names.join(', ')}; allowed are ${mostProperties - 1}, ` +
        `none of them ${installationProperty}; use it as a Lambda action`,
    );
  }
  const own = Object.entries(members).map(([name, schema]) => ({
    name,
    key: true,
    queryable: false,
    secret: false,
    required: isRequired(schema),
  }));
  return [...own, { name: installationProperty, key: true, queryable: true, secret: false, required: true }];
}

/** How each parameter is written: text as it is, anything else as JSON. */
export function kindsOf({ parameters }: ActionDeclaration): WorkOrder['parameters'] {
  const members = Object.entries(membersOf(parameters) ?? {});
  return Object.fromEntries(members.map(([name, schema]) => [name, isText(schema) ? 'text' : 'json']));
}

/**
 * The configuration of an action with these parameters.
 * @throws Error naming a value that is longer than CodePipeline takes
 */
export function configurationOf(
  where: string,
  declaration: ActionDeclaration,
  parameters: object,
): Record<string, string> {
  const kinds = kindsOf(declaration);
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const text = kinds[name] === 'text' ? String(value) : JSON.stringify(value);
      if (text.length <= longestValue || isKnownLater(value)) return [name, text];
      throw new Error(
        `${where}: parameters.${name} has ${text.length} characters, CodePipeline allows ${longestValue}`,
      );
    }),
  );
}
