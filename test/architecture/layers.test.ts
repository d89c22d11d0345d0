import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from './repository.ts';

const { options, ...ruleSet } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as IConfiguration; // our own file

/** The rules that a tree breaks, as `rule: from -> to`. */
async function violations(baseDir: string, folders: readonly string[]): Promise<string[]> {
  const { output } = await cruise([...folders], { ...options, baseDir, validate: true, ruleSet });
  // Without an output type the answer is the result itself.
  const { summary } = output as ICruiseResult;
  expect(summary.totalCruised).toBeGreaterThan(1);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-layers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

it('keeps the layers of the tree', async () => {
  expect(await violations(root, ['cli', 'examples', 'functions', 'infra', 'local', 'shared'])).toEqual([]);
});

it.each([
  ['events-import-base-only', 'shared/events/event.ts', 'shared/state/store.ts'],
  ['state-imports-down-only', 'shared/state/store.ts', 'shared/releases/plan.ts'],
  ['actions-imports-down-only', 'shared/actions/runner/job.ts', 'shared/triggers/trigger.ts'],
  ['releases-import-down-only', 'shared/releases/plan.ts', 'shared/actions/runner/job.ts'],
  ['edges-are-composed-by-functions', 'shared/commands/run.ts', 'shared/aws/ssm.ts'],
  ['edges-know-not-each-other', 'shared/aws/ssm.ts', 'shared/runtime/task.ts'],
  ['local-knows-nothing-of-slipway', 'local/cloud.ts', 'shared/errors.ts'],
  ['product-knows-no-measurement', 'local/cloud.ts', 'simulate/random.ts'],
  ['slipway-knows-nothing-of-local', 'shared/errors.ts', 'local/cloud.ts'],
  ['infra-reads-declarations-only', 'infra/app.ts', 'shared/actions/security-scan/run.ts'],
  ['registries-of-declarations-load-no-implementation', 'shared/actions/registry.ts', 'shared/actions/scan/run.ts'],
])('finds what breaks %s', async (rule, from, to) => {
  write({ [from]: `import '${join(folder, to)}';\n`, [to]: 'export {};\n' });
  expect(await violations(folder, ['.'])).toContain(`${rule}: ${from} -> ${to}`);
});
