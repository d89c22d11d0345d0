import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../shared/actions/action.ts';
import { actions } from '../../shared/actions/registry.ts';
import { root } from './repository.ts';

// The registries of triggers, channels, commands, local services, integrations and providers are tested beside them.
describe('the registry of actions', () => {
  it('has every folder, by its name', () => {
    const folder = join(root, 'shared/actions');
    const declared = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'declaration.ts')));
    expect(actions.map(({ id }) => id).sort()).toEqual(declared.sort());
  });

  it.each(actions)('finds the implementation of $id in its folder', async (declaration) => {
    const { default: action } = (await import(`../../shared/actions/${declaration.id}/run.ts`)) as { default: Action };
    expect(action.declaration).toBe(declaration);
  });

  it.each(actions)('offers the declaration of $id to the CDK apps of others', async (declaration) => {
    const offered = await import('../../infra/public.ts');
    expect(Object.values(offered)).toContain(declaration);
  });
});
