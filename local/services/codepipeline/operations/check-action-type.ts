import type { CreateCustomActionTypeInput } from '@aws-sdk/client-codepipeline';
import { AwsError, notSupportedLocally } from '../../../errors.ts';
import { repeated } from '../structure/refusals.ts';

/** What custom actions can be; the API's other categories are reserved (User Guide, "Create a custom action"). */
const categories = ['Build', 'Deploy', 'Test', 'Invoke'];

/**
 * The rules of a custom action type that its schema does not say: one queryable property at most, which is required and no
 * secret; URL templates that refer to required properties which are no secrets.
 * @throws AwsError `ValidationException`, or `NotImplemented` for a category that is not run
 */
export function checkActionType(input: CreateCustomActionTypeInput): void {
  const { category = '', configurationProperties = [] } = input;
  if (!categories.includes(category)) throw notSupportedLocally(`a custom action type of the category ${category}`);
  const twice = repeated(configurationProperties.map(({ name = '' }) => name));
  if (twice !== undefined) throw invalid(`The configuration property '${twice}' is named more than once`);
  checkQueryable(input);
  checkTemplates(input);
  for (const [which, details] of [
    ['input', input.inputArtifactDetails],
    ['output', input.outputArtifactDetails],
  ] as const) {
    const { minimumCount = 0, maximumCount = 0 } = details ?? {};
    if (minimumCount <= maximumCount) continue;
    throw invalid(`The minimum count of ${which} artifacts (${minimumCount}) is above the maximum (${maximumCount})`);
  }
}

function checkQueryable({ configurationProperties = [] }: CreateCustomActionTypeInput): void {
  const [first, second] = configurationProperties.filter((property) => property.queryable);
  if (second) throw invalid(`Only one property can be queryable; '${first?.name}' and '${second.name}' are`);
  if (!first || (first.required && !first.secret)) return;
  throw invalid(`The queryable property '${first.name}' must be required and not secret`);
}

function checkTemplates({ settings = {}, configurationProperties = [] }: CreateCustomActionTypeInput): void {
  for (const template of [settings.entityUrlTemplate, settings.executionUrlTemplate, settings.revisionUrlTemplate]) {
    for (const [, name = ''] of (template ?? '').matchAll(/\{Config:([^{}]+)\}/g)) {
      const property = configurationProperties.find((candidate) => candidate.name === name);
      if (property?.required && !property.secret) continue;
      throw invalid(`A URL template refers to '${name}', which must be a property that is required and not secret`);
    }
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
