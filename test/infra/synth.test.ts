import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { packageRoot } from '../../infra/package-root.ts';
import { emptyBundles } from './synthesized.ts';

/** Synthesizes the example in a process of its own and prints every module of ours that it loaded. */
const script = `
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({
    load(url, context, next) {
      if (!url.includes('/node_modules/')) loaded.push(url);
      return next(url, context);
    },
  });
  const { exampleApp } = await import(${JSON.stringify(pathToFileURL(join(packageRoot, 'infra/example.ts')).href)});
  const [folder] = process.argv.slice(1);
  exampleApp({ outdir: folder + '/cdk.out', context: { 'slipway:bundles': folder }, analyticsReporting: false }).synth();
  console.log(JSON.stringify(loaded));
`;

it('loads declarations and no implementation: no run.ts, no function, no SDK client', () => {
  const folder = emptyBundles();
  const arguments_ = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script, folder];
  const printed = execFileSync(process.execPath, arguments_, {
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false' },
  });
  rmSync(folder, { recursive: true, force: true });
  // What the script printed.
  const loaded = (JSON.parse(printed) as string[])
    .filter((url) => url.startsWith(pathToFileURL(packageRoot).href))
    .map((url) => relative(packageRoot, new URL(url).pathname));
  expect(loaded).toContain('shared/actions/security-scan/declaration.ts');
  expect(loaded).toContain('infra/engine-stack.ts');
  const forbidden = /^functions\/|^local\/|^shared\/(aws|runtime)\/|\/run\.ts$/;
  expect(loaded.filter((file) => forbidden.test(file))).toEqual([]);
});
