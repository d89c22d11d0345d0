import { readdirSync } from 'node:fs';
import * as schemas from '@aws-sdk/client-codepipeline';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import { members } from '../../../local/services/codepipeline/bounds/members.ts';
import { shapes } from '../../../local/services/codepipeline/bounds/shapes.ts';
import { actionProviders } from '../../../local/services/codepipeline/providers/registry.ts';

describe('the registry of action providers', () => {
  it('has every provider that the folder has', async () => {
    const folder = new URL('../../../local/services/codepipeline/providers/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file !== 'registry.ts');
    const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<object>));
    const found = modules
      .flatMap((module) => Object.values(module))
      .filter((value) => typeof value?.start === 'function');
    expect(new Set(found)).toEqual(new Set(actionProviders));
  });

  it('has one provider for one action type', () => {
    const names = actionProviders.map(({ type }) => Object.values(type).join('/'));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the table of bounds', () => {
  const byName = new Map(
    Object.entries(schemas)
      .filter(([name, value]) => name.endsWith('$') && Array.isArray(value) && value[0] === 3)
      .map(([name, value]) => [name.slice(0, -1), NormalizedSchema.of(value as never)]),
  );

  it.each(Object.entries(members))('names members that %s has in the SDK’s schemas', (structure, bounded) => {
    const known = new Set([...(byName.get(structure)?.structIterator() ?? [])].map(([name]) => name));
    const unknown = Object.keys(bounded).filter((name) => !known.has(name.replace(/\[\]|\{key\}|\{value\}/, '')));
    expect(unknown).toEqual([]);
  });

  it('uses every shape that it bounds', () => {
    const used = new Set(Object.values(members).flatMap((bounded) => Object.values(bounded)));
    expect(Object.keys(shapes).filter((shape) => !used.has(shape as keyof typeof shapes))).toEqual([]);
  });
});
