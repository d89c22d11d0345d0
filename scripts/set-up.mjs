// Runs a command of this repository on a fresh machine: installs what is missing, then goes on under the pinned Node.
// It has no dependencies and stays readable for Node 20. Usage: node scripts/set-up.mjs FILE [ARGUMENT ...]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const oldestSystemNode = [22, 18];

if (needsInstall()) install();
run(process.argv.slice(2));

/** Whether something that the lock file names is absent or of another version; what is optional may be absent. */
function needsInstall() {
  const installedFile = join(modules, '.package-lock.json');
  if (!existsSync(installedFile)) return true;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const locked = Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages);
  return locked.some(([path, { version, optional, devOptional }]) => {
    if (path === '') return false;
    return path in installed ? installed[path].version !== version : !optional && !devOptional;
  });
}

function install() {
  console.error('Installing dependencies (npm ci), about half a minute …');
  // npm names its own script; a bare `npm` cannot be spawned on Windows without a shell.
  const npmScript = process.env.npm_execpath;
  const [command, args] = npmScript?.endsWith('.js') ? [process.execPath, [npmScript]] : ['npm', []];
  const done = spawnSync(command, [...args, 'ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (done.status !== 0) {
    stop(
      `"npm ci" failed (exit code ${done.status ?? done.signal}). Mend what it says above, then run the same command again.`,
    );
  }
}

function chooseNode() {
  const pinned = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = oldestSystemNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return process.execPath;
  return stop(
    `The pinned Node is not in node_modules (are npm's install scripts off?), and this Node ${process.versions.node} is too old. ` +
      `Run "npm rebuild node", or use Node ${oldestSystemNode.join('.')} or newer.`,
  );
}

function run(args) {
  const node = chooseNode();
  const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  // Ctrl+C reaches the child from the terminal; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function stop(reason) {
  console.error(reason);
  process.exit(1);
}
