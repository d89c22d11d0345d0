import { Stack } from 'aws-cdk-lib';
import type { CfnCustomActionType } from 'aws-cdk-lib/aws-codepipeline';
import type { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type * as z from 'zod/mini';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import { installationProperty, parametersProperty, type WorkOrder } from '../../shared/actions/worker/work-order.ts';
import { isRequired, isScalar, isStrictObject, isText, membersOf } from './schema-members.ts';
import {
  isKnownLater,
  lengthOf,
  longestValue,
  namesOf,
  passParameters,
  pointerTo,
  storeParameters,
} from './user-parameters.ts';

/** CodePipeline's quota for the properties of a custom action type. */
const mostProperties = 10;

/** CodePipeline's limit for the name of a property. */
const longestName = 50;

const reserved = [installationProperty, parametersProperty];

/**
 * The properties of a custom action type: one for each parameter of the action, one for what has none of its own, and the
 * queryable one. An action with more than eight parameters, or with other than named ones, has them all in one property.
 */
export function propertiesOf(
  declaration: ActionDeclaration,
): readonly CfnCustomActionType.ConfigurationPropertiesProperty[] {
  const members = ownProperties(declaration);
  const own = Object.entries(members ?? {}).map(([name, schema]) => property(name, mustHaveValue(schema)));
  return [
    ...own,
    property(parametersProperty, members === undefined),
    { ...property(installationProperty, true), queryable: true },
  ];
}

/** How each parameter is written that has a property: text as it is, anything else as JSON. */
export function kindsOf(declaration: ActionDeclaration): WorkOrder['parameters'] {
  const members = Object.entries(ownProperties(declaration) ?? {});
  return Object.fromEntries(members.map(([name, schema]) => [name, isText(schema) ? 'text' : 'json']));
}

/** The configuration of an action, and what of its parameters lies in Parameter Store because it would not fit in there. */
export interface PassedProperties {
  readonly configuration: Readonly<Record<string, string>>;
  readonly stored: StringParameter | undefined;
}

/**
 * Makes the configuration of an action with these parameters. One whose value is empty or over 1,000 characters is stored.
 * @throws Error naming a value that CodePipeline does not take and that can't be stored, or if all that is stored is over 8 KB
 */
export function passProperties(
  scope: Construct,
  where: string,
  { declaration, parameters }: { readonly declaration: ActionDeclaration; readonly parameters: unknown },
): PassedProperties {
  const members = ownProperties(declaration);
  if (!members) {
    const { text, stored } = passParameters(scope, where, { parameters });
    return { configuration: { [parametersProperty]: text }, stored };
  }
  // What the schema of an object has taken.
  const given = Object.entries(parameters as object).filter(([, value]) => value !== undefined);
  const fits = ([name, value]: readonly [string, unknown]): boolean => isValue(written(members[name], value));
  const unfit = given.filter((one) => !fits(one));
  for (const [name, value] of unfit) refuseUnstorable(`${where}: parameters.${name}`, members[name], value);
  const known = Object.fromEntries(unfit);
  const rest = { ...(unfit.length > 0 && pointerTo(scope, known)), ...namesOf(parameters) };
  return {
    configuration: {
      ...Object.fromEntries(given.filter(fits).map(([name, value]) => [name, deployed(scope, members[name], value)])),
      ...(Object.keys(rest).length > 0 && { [parametersProperty]: JSON.stringify(rest) }),
    },
    stored: unfit.length > 0 ? storeParameters(scope, where, known) : undefined,
  };
}

/** The parameters that have a property each; undefined if all of them have one together. */
function ownProperties({ parameters }: ActionDeclaration): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const members = isStrictObject(parameters) ? membersOf(parameters) : undefined;
  const names = Object.keys(members ?? {});
  const isTaken = (name: string): boolean => reserved.some((one) => one.toLowerCase() === name.toLowerCase());
  const fits = names.length <= mostProperties - reserved.length;
  return fits && !names.some((name) => isTaken(name) || name.length > longestName) ? members : undefined;
}

function property(name: string, required: boolean): CfnCustomActionType.ConfigurationPropertiesProperty {
  return { name, required, key: true, queryable: false, secret: false };
}

/** What has parts may be stored elsewhere, and its property left out. */
function mustHaveValue(schema: z.core.$ZodType): boolean {
  return isRequired(schema) && isScalar(schema);
}

function written(schema: z.core.$ZodType | undefined, value: unknown): string {
  return schema && isText(schema) ? String(value) : JSON.stringify(value);
}

/** Whether CodePipeline takes a text as the value of a property. */
function isValue(text: string): boolean {
  return text !== '' && lengthOf(text) <= longestValue;
}

/** With what only the deployment knows put in. */
function deployed(scope: Construct, schema: z.core.$ZodType | undefined, value: unknown): string {
  const isPlain = (schema && isText(schema)) || !isKnownLater(value);
  return isPlain ? written(schema, value) : Stack.of(scope).toJsonString(value);
}

function refuseUnstorable(what: string, schema: z.core.$ZodType | undefined, value: unknown): void {
  const why = isKnownLater(value)
    ? 'it is known only at deployment or when the pipeline runs'
    : schema && mustHaveValue(schema) && 'CodePipeline requires its property';
  if (!why) return;
  const length = lengthOf(written(schema, value));
  throw new Error(
    `${what} has ${length} characters, CodePipeline allows 1 to ${longestValue}, and it can't be stored elsewhere, because ${why}; change it`,
  );
}
