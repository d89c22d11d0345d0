import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import type { ProviderRegistry } from '../providers/registry.ts';
import { readStructure, type ActionTypeName } from './structure.ts';

const mask = '****';

/** How secrets are called in the types that are not run here, e.g. `OAuthToken` of GitHub (User Guide, "GitHub (version 1)"). */
const secretNames = /token|secret|password/i;

/** A configuration with the values that are its type's secrets masked. */
export function maskConfiguration(
  providers: ProviderRegistry,
  type: ActionTypeName,
  configuration: Readonly<Record<string, string>>,
  by: string = mask,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => [key, isSecret(providers, type, key) ? by : value]),
  );
}

/**
 * A declaration as every caller may see it.
 * @param by what stands in the place of a secret
 */
export function maskDeclaration(
  providers: ProviderRegistry,
  declaration: PipelineDeclaration,
  by: string = mask,
): PipelineDeclaration {
  return withConfigurations(declaration, (_stage, _action, type, configuration) =>
    maskConfiguration(providers, type, configuration, by),
  );
}

/** A declaration whose masked secrets are again what the same action had in `before`. */
export function restoreSecrets(
  providers: ProviderRegistry,
  given: PipelineDeclaration,
  before: PipelineDeclaration,
): PipelineDeclaration {
  const { stages } = readStructure(before);
  return withConfigurations(given, (stage, name, type, configuration) => {
    const known = stages.find((other) => other.name === stage)?.actions.find((other) => other.name === name);
    const entries = Object.entries(configuration).map(([key, value]) => {
      const isMasked = isSecret(providers, type, key) && /^\*{4,5}$/.test(value);
      return [key, isMasked ? (known?.configuration[key] ?? value) : value];
    });
    return Object.fromEntries(entries) as Record<string, string>;
  });
}

function isSecret(providers: ProviderRegistry, type: ActionTypeName, key: string): boolean {
  const provider = providers.find(type);
  return provider ? (provider.secrets ?? []).includes(key) : secretNames.test(key);
}

type Change = (
  stage: string,
  action: string,
  type: ActionTypeName,
  configuration: Readonly<Record<string, string>>,
) => Record<string, string>;

function withConfigurations(declaration: PipelineDeclaration, change: Change): PipelineDeclaration {
  return {
    ...declaration,
    stages: declaration.stages?.map((stage) => ({
      ...stage,
      actions: stage.actions?.map((action) => {
        const { category = '', owner = '', provider = '', version = '' } = action.actionTypeId ?? {};
        if (!action.configuration) return action;
        const type = { category, owner, provider, version };
        const configuration = change(stage.name ?? '', action.name ?? '', type, action.configuration);
        return { ...action, configuration };
      }),
    })),
  };
}
