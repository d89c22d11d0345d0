// Runs the checks and the tests: `node scripts/test.mjs [check|all] [vitest arguments]`. The runner's report lands in
// build/test-report.json, where .ci/run reads the counts.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [scope = 'all', ...rest] = process.argv.slice(2);
const report = join(root, 'build', 'test-report.json');
rmSync(report, { force: true });

const unitFolders = ['test/unit', 'test/contract', 'test/aws', 'test/functions', 'test/architecture'];
const steps = [
  ['types', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['lint', 'eslint/bin/eslint.js', ['.', '--cache', '--cache-location', 'build/eslint-cache', '--max-warnings', '0']],
  [
    'imports',
    'dependency-cruiser/bin/dependency-cruiser.mjs',
    [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err-long',
      'cli',
      'functions',
      'infra',
      'local',
      'shared',
    ],
  ],
  [
    'tests',
    'vitest/vitest.mjs',
    [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...(scope === 'check' ? unitFolders : []),
      ...rest,
    ],
  ],
];

const failed = [];
for (const [name, script, args] of steps) {
  console.log(`\n== ${name}`);
  const done = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (done.status !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\nall checks passed' : `\nfailed: ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
