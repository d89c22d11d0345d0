import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { simulate } from '../../simulate/simulation.ts';
import { freshFolder } from '../support/installation.ts';

it('loses nothing and ends everything once, killed at 10 moments of a busy run', { timeout: 300_000 }, async () => {
  using folder = freshFolder();
  const seed = randomInt(2 ** 31);
  const lines = [`seed ${seed}: npm run simulate -- --kills 10 --seed ${seed}`];

  const report = (line: string): void => void lines.push(line);
  const { entries, problems } = await simulate({ killCount: 10, seed, folder: folder.path, report });

  expect(problems, lines.join('\n')).toEqual([]);
  const acknowledged = entries.filter(({ isAcknowledged }) => isAcknowledged);
  expect(new Set(acknowledged.map(({ work }) => work.name)).size).toBeGreaterThan(5);
});
