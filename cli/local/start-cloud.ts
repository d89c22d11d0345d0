import { startLocalCloud, type LocalCloud } from '../../local/public.ts';
import type { Print } from '../output.ts';

/** How a command starts a local cloud. */
export interface CloudSettings {
  readonly folder: string;
  readonly port?: number;
  /** Cloud seconds in a real second; service timers only. */
  readonly speed?: number;
  /** Forgets everything first. */
  readonly reset: boolean;
  /** The folder of each source repository, by `owner/name`. */
  readonly sourceRepositories: Readonly<Record<string, string>>;
  /** Providers whose actions are not run. */
  readonly notRun: readonly string[];
  readonly print: Print;
}

/** Starts a local cloud over a `cdk.out`. */
export function startCloud(app: string, settings: CloudSettings): Promise<LocalCloud> {
  const { folder, port, speed, reset, sourceRepositories, notRun, print } = settings;
  // As on AWS; threads share the time zone of their process.
  process.env['TZ'] = 'UTC';
  return startLocalCloud({
    app,
    folder,
    reset,
    report: print,
    codePipeline: { sourceRepositories, notRun },
    ...(port !== undefined && { port }),
    ...(speed !== undefined && { clock: { kind: 'scaled', speed } }),
  });
}

/** The line for a shell after which AWS tools reach the cloud. */
export function exportLine({ environment }: Pick<LocalCloud, 'environment'>): string {
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${value}`)
    .join('; ');
}
