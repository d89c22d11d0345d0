import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openEvents } from '../../../local/services/events/service.ts';
import { services } from '../../../local/services/registry.ts';

const folder = new URL('../../../local/services/', import.meta.url);

describe('the registry of services', () => {
  it('has every folder of services', async () => {
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const opened = new Set<unknown>([...services, openEvents]);
    for (const { name } of names) {
      const module: Record<string, unknown> = await import(new URL(`${name}/service.ts`, folder).href);
      const isRegistered = Object.values(module).some((value) => opened.has(value));
      expect(isRegistered, `${name} is in the registry`).toBe(true);
    }
    expect(opened.size).toBe(names.length);
  });
});
