import type { CfnCustomActionType } from 'aws-cdk-lib/aws-codepipeline';

/** Links that the console shows for a custom action type, as CodePipeline's templates. */
export interface CustomLinks {
  readonly entity?: string;
  readonly execution?: string;
  readonly revision?: string;
}

/**
 * The settings of a custom action type with these links; undefined if there are none.
 * @throws Error if a link refers to what CodePipeline fills in nowhere, which it would refuse at deployment
 */
export function settingsOf(
  where: string,
  { entity, execution, revision }: CustomLinks,
  properties: readonly CfnCustomActionType.ConfigurationPropertiesProperty[],
): CfnCustomActionType.SettingsProperty | undefined {
  const known = properties.filter(({ required, secret }) => required === true && secret !== true);
  const allowed = ['{ExternalExecutionId}', ...known.map(({ name }) => `{Config:${name}}`)];
  for (const [name, link] of Object.entries({ entity, execution, revision })) {
    const unknown = placesIn(link ?? '').find((place) => !allowed.includes(place));
    if (unknown === undefined) continue;
    throw new Error(
      `${where}: links.${name} refers to ${unknown}; allowed are ${allowed.join(', ')} (of the parameters, those that are ` +
        'required and have a property of their own); correct the name, or leave it out',
    );
  }
  const settings = {
    ...(entity && { entityUrlTemplate: entity }),
    ...(execution && { executionUrlTemplate: execution }),
    ...(revision && { revisionUrlTemplate: revision }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}

/** What stands in braces, but for the tokens of CDK, `${Token[…]}`. */
function placesIn(template: string): readonly string[] {
  return template.match(/(?<!\$)\{[^{}]*\}/g) ?? [];
}
