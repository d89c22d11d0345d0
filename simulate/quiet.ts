import { setTimeout as sleep } from 'node:timers/promises';
import type { Entry } from './ledger.ts';
import type { Finding, Seen } from './work.ts';

const longestMs = 120_000;
const checksAtOnce = 6;

/** Looks at the entries until nothing of them is missing. @returns what never came and what is broken */
export async function untilWhole(entries: readonly Entry[], seen: Seen, patienceMs = longestMs): Promise<string[]> {
  const broken = new Set<string>();
  const untilMs = performance.now() + patienceMs;
  let open = entries;
  let missing: string[] = [];
  while (open.length > 0 && performance.now() < untilMs) {
    await seen.heard.listen(seen.aws);
    const looked = await look(open, seen);
    for (const what of looked.flatMap(({ finding }) => finding.broken)) broken.add(what);
    missing = looked.flatMap(({ finding }) => finding.missing);
    open = looked.filter(({ finding }) => finding.missing.length > 0).map(({ entry }) => entry);
    if (open.length > 0) await sleep(100);
  }
  return [...broken, ...missing.map((what) => `${what} never came`)];
}

async function look(entries: readonly Entry[], seen: Seen): Promise<{ entry: Entry; finding: Finding }[]> {
  const looked: { entry: Entry; finding: Finding }[] = [];
  const left = [...entries];
  const lane = async (): Promise<void> => {
    for (let entry = left.pop(); entry; entry = left.pop())
      looked.push({ entry, finding: await entry.work.check(entry, seen) });
  };
  await Promise.all(Array.from({ length: checksAtOnce }, lane));
  return looked;
}
