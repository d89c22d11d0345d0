import { describe, expect, it } from 'vitest';
import { openLedger } from '../../../simulate/ledger.ts';
import { untilWhole } from '../../../simulate/quiet.ts';
import { randomOf } from '../../../simulate/random.ts';
import { works } from '../../../simulate/registry.ts';
import { whole, type Finding, type Seen, type Work } from '../../../simulate/work.ts';

/** A work whose checks find these, one after the other, the last again and again. */
function workFinding(...findings: Finding[]): Work {
  return {
    name: 'test',
    begin: () => Promise.resolve(),
    check: () => Promise.resolve((findings.length > 1 ? findings.shift() : findings[0]) ?? whole),
  };
}

/** Hears nothing, from no cloud. */
const silence = { heard: { listen: () => Promise.resolve() } } as unknown as Seen; // the works of this test look at nothing

const found = (work: Work, patienceMs?: number): Promise<string[]> =>
  untilWhole([{ work, name: 'piece', isAcknowledged: true }], silence, patienceMs);

describe('looking at what a kill left behind', () => {
  it('finds nothing once what was missing has come', async () => {
    expect(await found(workFinding({ missing: ['the call'], broken: [] }, whole))).toEqual([]);
  });

  it('tells what never came', async () => {
    expect(await found(workFinding({ missing: ['the call'], broken: [] }), 1)).toEqual(['the call never came']);
  });

  it('tells what was wrong, though it looks right later', async () => {
    const twice = { missing: ['the event'], broken: ['two ends'] };
    expect(await found(workFinding(twice, whole))).toEqual(['two ends']);
  });
});

describe('the ledger', () => {
  const work = workFinding(whole);

  it('counts as acknowledged what was answered, and as in doubt what was not', async () => {
    const ledger = openLedger();
    await ledger.begin(work, () => Promise.resolve());
    await ledger.begin(work, () => Promise.reject(new Error('read ECONNRESET')));
    expect(ledger.entries.map(({ name, isAcknowledged }) => [name, isAcknowledged])).toEqual([
      ['test-1', true],
      ['test-2', false],
    ]);
  });

  it('takes the answer of a living cloud that refuses for an error of the simulation', async () => {
    const refusal = Object.assign(new Error('no such table'), { $metadata: { httpStatusCode: 400 } });
    await expect(openLedger().begin(work, () => Promise.reject(refusal))).rejects.toThrow('no such table');
  });
});

it('chooses the same for the same seed, and something else for another', () => {
  const choices = (seed: number): string[] => {
    const random = randomOf(seed);
    return Array.from({ length: 20 }, () => random.pick(works).name);
  };
  expect(choices(7)).toEqual(choices(7));
  expect(choices(7)).not.toEqual(choices(8));
});
