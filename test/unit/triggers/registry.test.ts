import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { triggerDeclarations } from '../../../shared/triggers/registry.ts';

describe('the registry of triggers', () => {
  it('lists every folder, by its name', () => {
    const folders = readdirSync(new URL('../../../shared/triggers', import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(triggerDeclarations.map(({ id }) => id).sort()).toEqual(folders.sort());
  });

  it.each(triggerDeclarations)('finds the implementation of $id in a file of its name', async (declaration) => {
    const module = await import(`../../../shared/triggers/${declaration.id}/${declaration.id}.ts`);
    expect(module.trigger.declaration).toBe(declaration);
  });
});
