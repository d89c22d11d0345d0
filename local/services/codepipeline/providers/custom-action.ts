import type { ActionConfigurationProperty } from '@aws-sdk/client-codepipeline';
import type { ActionTypeRecord } from '../records/action-types.ts';
import type { ActionStructure } from '../structure/structure.ts';
import type { ActionProvider } from './provider.ts';

/** The longest that a custom action may take (User Guide, quotas). */
const limitMs = 24 * 60 * 60 * 1000;

/**
 * A custom action type as a provider: its jobs wait until a worker asks for them. A type that is deleted goes on for the
 * pipelines that have it and is refused to others.
 */
export function customAction({ definition, isDeleted }: ActionTypeRecord): ActionProvider {
  const properties = definition.configurationProperties ?? [];
  const { category = '', provider = '', version = '' } = definition;
  const needs = properties.map(({ name = '', required }) => [name, required ? 'required' : 'optional'] as const);
  return {
    type: { category, owner: 'Custom', provider, version },
    inputs: countOf(definition.inputArtifactDetails),
    outputs: countOf(definition.outputArtifactDetails),
    configuration: Object.fromEntries(needs),
    secrets: properties.flatMap(({ name, secret }) => (secret && name !== undefined ? [name] : [])),
    isDeleted,
    check: (action) =>
      properties.map((property) => problemOf(action, property)).find((problem) => problem !== undefined),
    timeLimit: () => ({ ms: limitMs, message: 'The action has not succeeded within 24 hours' }),
    start: async () => ({ kind: 'job' }),
    links: (configuration, externalExecutionId) => {
      const { entityUrlTemplate, executionUrlTemplate, revisionUrlTemplate } = definition.settings ?? {};
      const fill = (template: string | undefined) => filled(template, configuration, externalExecutionId);
      return {
        entity: fill(entityUrlTemplate),
        execution: fill(executionUrlTemplate),
        revision: fill(revisionUrlTemplate),
      };
    },
  };
}

function countOf(details: { minimumCount?: number | undefined; maximumCount?: number | undefined } | undefined) {
  return { min: details?.minimumCount ?? 0, max: details?.maximumCount ?? 0 };
}

function problemOf({ configuration }: ActionStructure, property: ActionConfigurationProperty): string | undefined {
  const { name = '', type, queryable } = property;
  const value = configuration[name];
  if (value === undefined || value.includes('#{')) return undefined;
  if (queryable && !/^[A-Za-z0-9_-]{1,20}$/.test(value)) {
    return `must set ${name} to at most 20 letters, digits, underscores and hyphens, because it is queryable`;
  }
  if (type === 'Number' && Number.isNaN(Number(value))) return `must set ${name} to a number, not '${value}'`;
  if (type === 'Boolean' && !/^(true|false)$/i.test(value))
    return `must set ${name} to 'true' or 'false', not '${value}'`;
  return undefined;
}

/** A URL template with its `{Config:name}` and `{ExternalExecutionId}`; nothing while one of them is not known. */
function filled(
  template: string | undefined,
  configuration: Readonly<Record<string, string>>,
  externalExecutionId: string | undefined,
): string | undefined {
  const values = [...(template ?? '').matchAll(/\{(?:Config:([^{}]+)|ExternalExecutionId)\}/g)].map(([whole, name]) => {
    return { whole, value: name === undefined ? externalExecutionId : configuration[name] };
  });
  if (values.some(({ value }) => value === undefined)) return undefined;
  return values.reduce((url, { whole, value = '' }) => url?.replace(whole, () => value), template);
}
