import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, slipwayAnswers } from './slipway-process.ts';

const example = join(repository, 'examples', 'checkout', 'app');

/** Copies the example's page below `folder` and writes files over it. @returns the copy */
export function pageWith(folder: string, files: Readonly<Record<string, string>>): string {
  const copy = join(folder, `page-${Object.keys(files).join('-').replaceAll('/', '-')}`);
  mkdirSync(copy);
  cpSync(example, copy, { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(copy, path), content);
  return copy;
}

/** Uploads a page as `slipway source put` does. @returns its commit */
export async function putPage(folder: string, page: string): Promise<string> {
  const { output } = await slipwayAnswers(['--folder', folder, 'source', 'put', page, '--service', 'checkout']);
  const commit = /recorded: ([0-9a-f]{40})/.exec(output)?.[1];
  if (!commit) throw new Error(`source put recorded nothing: ${output}`);
  return commit;
}
