import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The repository, where the README's commands are typed. */
export const repository: string = join(import.meta.dirname, '..', '..');

/** A command of Slipway in a process group of its own. */
export interface SlipwayProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has printed so far, on both streams. */
  readonly lines: readonly string[];
  /** The first line, printed or still to come, that matches. @throws Error with the output if it ends or takes too long */
  line(pattern: RegExp, patienceMs?: number): Promise<RegExpExecArray>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Sends a signal to the whole group. */
  signal(name: NodeJS.Signals): void;
}

/** What the package's scripts end up running, under the Node that runs the tests. */
const slipway = [process.execPath, '--disable-warning=ExperimentalWarning', 'cli/main.ts'] as const;

/** Runs `slipway` with these arguments. */
export function runSlipway(args: readonly string[], environment: NodeJS.ProcessEnv = {}): SlipwayProcess {
  return runCommand([...slipway, ...args], environment);
}

/** Runs `slipway` to its end. */
export async function slipwayAnswers(args: readonly string[]): Promise<{ exitCode: number | string; output: string }> {
  await using command = runSlipway(args);
  const exitCode = await command.ended;
  return { exitCode, output: command.lines.join('\n') };
}

/** Runs a command in the repository. Whatever happens, its group ends with this process. */
export function runCommand(command: readonly string[], environment: NodeJS.ProcessEnv = {}): SlipwayProcess {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: repository,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutColors(process.env), ...environment },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.join(' ')} could not be started`);
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const tell = (): void => listeners.forEach((listener) => listener());
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      tell();
    });
  }
  let hasEnded = false;
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => {
    hasEnded = true;
    tell();
    return code ?? signal ?? 'unknown';
  });
  const signal = (name: NodeJS.Signals): void => signalGroup(pid, name);
  const killGroup = (): void => signal('SIGKILL');
  process.once('exit', killGroup);
  return {
    pid,
    lines,
    ended,
    signal,
    line: (pattern, patienceMs = 60_000) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
          if (found) settle(() => resolve(found));
          else if (hasEnded) settle(() => reject(new Error(`ended without ${pattern}:\n${lines.join('\n')}`)));
        };
        const timer = setTimeout(
          () => settle(() => reject(new Error(`no ${pattern} in ${patienceMs} ms:\n${lines.join('\n')}`))),
          patienceMs,
        );
        const settle = (end: () => void): void => {
          clearTimeout(timer);
          listeners.delete(look);
          end();
        };
        listeners.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      process.off('exit', killGroup);
      killGroup();
      await ended;
    },
  };
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    // The group has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // process.kill throws system errors only
  }
}

/** The test runner asks its children for colours; lines are compared without. */
function withoutColors({ FORCE_COLOR: _force, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...environment, NO_COLOR: '1' };
}
