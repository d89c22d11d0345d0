import { describe, expect, it } from 'vitest';
import { ApiRefusal, ApiUnavailable, type ApiClient, type Timeline } from '../../../cli/api-client.ts';
import { watchRelease } from '../../../cli/watch.ts';
import { releaseSchema } from '../../../shared/state/release.ts';

const releaseId = `r-${'0'.repeat(32)}`;
const release = releaseSchema.parse({
  contract: 1,
  releaseId,
  service: 'checkout',
  status: 'succeeded',
  requestedAt: '2026-01-01T00:00:00.000Z',
  requestedBy: 'ann',
  cause: { kind: 'command', requestId: 'request-1' },
  traceId: 'trace',
  stages: [],
});
const finished: Timeline = {
  release,
  timeline: [{ n: 1, text: 'succeeded', event: { type: 'release.succeeded', at: release.requestedAt } }],
  isFinished: true,
};
const nothingNew: Timeline = { ...finished, timeline: [] };

/** Answers one look after the other; the last one goes on. */
function apiThat(...looks: (Timeline | Error | undefined)[]): ApiClient {
  const refuse = (): never => {
    throw new Error('a watch only looks');
  };
  return {
    command: refuse,
    releases: refuse,
    timeline: async () => {
      const look = looks.length > 1 ? looks.shift() : looks[0];
      if (look instanceof Error) throw look;
      return look;
    },
  };
}

async function watch(api: ApiClient, patienceMs = 1000): Promise<string[]> {
  const lines: string[] = [];
  await watchRelease(api, releaseId, { print: (line) => lines.push(line), intervalMs: 0, patienceMs });
  return lines;
}

describe('watching a release', () => {
  it('waits for the first record, tells what happens, and ends with the release', async () => {
    expect(await watch(apiThat(undefined, finished, nothingNew))).toEqual([expect.stringContaining('succeeded')]);
  });

  it('goes on when looks fail for a while', async () => {
    const failing = Array.from({ length: 9 }, () => new ApiUnavailable('503'));

    expect(await watch(apiThat(...failing, finished, ...failing, nothingNew))).toHaveLength(1);
  });

  it('gives up when ten looks in a row fail, and at once when it is refused', async () => {
    await expect(watch(apiThat(finished, new ApiUnavailable('503')))).rejects.toThrow('503');
    await expect(watch(apiThat(new ApiRefusal('Forbidden', 'not you'), finished))).rejects.toThrow('not you');
  });

  it('gives up when nothing is ever recorded', async () => {
    await expect(watch(apiThat(undefined), 0)).rejects.toThrow(/is not recorded; was it ever accepted/);
  });
});
