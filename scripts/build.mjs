// Emits dist/ (JavaScript and declarations of what package.json exports) and the functions' bundles that the CDK
// constructs deploy.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const compiled = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
const { bundleFunctions } = await import(pathToFileURL(join(root, 'infra/bundle.ts')).href);
await bundleFunctions();
console.log('dist/ and build/functions/ are built');
