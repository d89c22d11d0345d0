import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../../infra/package-root.ts';
import { freshFolder } from '../../support/installation.ts';
import { installPacked } from '../../support/packed-slipway.ts';

// The example as its reader has it: a copy outside the repository, with the packed package below node_modules, where Node
// strips no types.

const folder = freshFolder();
const project = join(folder.path, 'project');
beforeAll(async () => {
  mkdirSync(project);
  const example = join(packageRoot, 'examples', 'custom-action');
  for (const file of readdirSync(example).filter((name) => name !== 'node_modules' && name !== 'cdk.out'))
    cpSync(join(example, file), join(project, file), { recursive: true });
  await installPacked(project, folder.path);
}, 180_000);
afterAll(() => folder[Symbol.dispose]());

it('has tests that pass, in memory and in a pipeline on the local cloud', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: project,
    encoding: 'utf8',
    // CDK's own validation of templates is not what is tested here, and slow.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CDK_VALIDATION: 'false' },
  });
  expect(status, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toMatch(/^# pass 4$/m);
  expect(stdout).toMatch(/^ok \d+ - the pipeline stops at a source that is too large$/m);
}, 180_000);
