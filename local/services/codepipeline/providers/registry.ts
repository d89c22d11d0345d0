import type { ActionTypeName } from '../structure/structure.ts';
import { codeCommitSource } from './codecommit-source.ts';
import { connectionSource } from './connection-source.ts';
import { ecrSource } from './ecr-source.ts';
import { lambdaInvoke } from './lambda-invoke.ts';
import { manualApproval } from './manual-approval.ts';
import type { ActionProvider } from './provider.ts';
import { s3Deploy } from './s3-deploy.ts';
import { s3Source } from './s3-source.ts';
import { stepFunctionsInvoke } from './step-functions-invoke.ts';

/** Every provider that runs locally. */
export const actionProviders: readonly ActionProvider[] = [
  s3Source,
  codeCommitSource,
  connectionSource,
  ecrSource,
  lambdaInvoke,
  stepFunctionsInvoke,
  manualApproval,
  s3Deploy,
];

/** Finds providers by what an action says it is. */
export interface ProviderRegistry {
  find(type: ActionTypeName): ActionProvider | undefined;
}

/** A registry of these providers, and of the custom action types that `custom` finds. */
export function providerRegistry(
  providers: readonly ActionProvider[],
  custom: ProviderRegistry['find'] = () => undefined,
): ProviderRegistry {
  const byName = new Map(providers.map((provider) => [nameOf(provider.type), provider]));
  return { find: (type) => (type.owner === 'Custom' ? custom(type) : byName.get(nameOf(type))) };
}

function nameOf({ category, owner, provider, version }: ActionTypeName): string {
  return `${category}/${owner}/${provider}/${version}`;
}
