import { describe, it } from 'vitest';
import { whereIs } from '../support/folder-contents.ts';
import { freshFolder } from '../support/installation.ts';
import { pageWith } from '../support/pages.ts';
import { runSlipway } from '../support/slipway-process.ts';

// Put together here, so that this file itself holds no secret.
const plantedSecret = ['ghp', 'x9Kq2LmZ7rTn4WvB8sYc1DfG6hJp3aEu5oQi'].join('_');

describe.concurrent('start --once', { timeout: 120_000 }, () => {
  it('exits 0 when the example is released', async ({ expect }) => {
    using folder = freshFolder();

    const { exitCode, output } = await startOnce(folder.path);

    expect(exitCode).toBe(0);
    expect(output).toMatch(/Verify: SUCCEEDED {2}Smoke SUCCEEDED \(\d+ requests, 0 failed/);
  });

  it('exits 1 when the source holds a secret, and names its place but not the secret', async ({ expect }) => {
    using folder = freshFolder();
    const page = pageWith(folder.path, { 'config.js': `const theme = 'dark';\nconst token = '${plantedSecret}';\n` });

    const { exitCode, output } = await startOnce(folder.path, '--source', page);

    expect(exitCode).toBe(1);
    expect(output).toMatch(/failed: .*1 possible secret in the source: config\.js:2 \(/);
    expect(output).not.toContain('Approve/Approve');
    expect(output).not.toContain(plantedSecret);
    expect(whereIs(folder.path, plantedSecret)).toEqual(['page-config.js/config.js']);
  });

  it('exits 1 when the deployed page is broken', async ({ expect }) => {
    using folder = freshFolder();
    const page = pageWith(folder.path, { 'index.html': '<p>Out of order</p>' });

    const { exitCode, output } = await startOnce(folder.path, '--source', page);

    expect(exitCode).toBe(1);
    expect(output).toMatch(/Deploy: SUCCEEDED/);
    expect(output).toMatch(/failed: .*Smoke.*the page does not hold "The checkout is open"/);
  });
});

async function startOnce(folder: string, ...args: readonly string[]): Promise<{ exitCode: unknown; output: string }> {
  await using command = runSlipway(['--folder', folder, 'start', '--once', '--speed', '20', ...args]);
  const exitCode = await command.ended;
  return { exitCode, output: command.lines.join('\n') };
}
