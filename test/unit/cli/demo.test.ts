import { expect, it } from 'vitest';
import type { ApiClient } from '../../../cli/api-client.ts';
import { accompany } from '../../../cli/start/demo.ts';
import { releaseSchema, type Release } from '../../../shared/state/release.ts';

const approval = { stage: 'Approve', action: 'Approve', requestedAt: '2026-01-01T00:00:00.000Z' };
const aRelease = (digit: string, changes: Partial<Release>): Release =>
  releaseSchema.parse({
    contract: 1,
    releaseId: `r-${digit.repeat(32)}`,
    service: 'checkout',
    status: 'running',
    requestedAt: approval.requestedAt,
    requestedBy: 'ann',
    cause: { kind: 'command', requestId: 'request-1' },
    traceId: 'trace',
    stages: [],
    ...changes,
  });

/** Two releases of a service: the second is queued until somebody approves the first, and then waits for approval too. */
function twoReleases(): { api: ApiClient; approved: string[] } {
  const approved: string[] = [];
  const first = aRelease('1', { status: 'awaiting-approval', approval });
  const second = (): Release => {
    if (approved.length === 0) return aRelease('2', { status: 'queued' });
    return approved.length === 1
      ? aRelease('2', { status: 'awaiting-approval', approval })
      : aRelease('2', { status: 'succeeded' });
  };
  const api: ApiClient = {
    async command(_verb, body) {
      approved.push((body as { release: string }).release); // what approving sends
    },
    releases: async () => [second(), first],
    timeline: async () => ({ release: second(), timeline: [], isFinished: approved.length === 2 }),
  };
  return { api, approved };
}

it('approves the release it accompanies, and before it the one that holds its slot, each once', async () => {
  const { api, approved } = twoReleases();
  const lines: string[] = [];

  const release = await accompany(api, aRelease('2', {}).releaseId, {
    print: (line) => lines.push(line),
    ask: false,
    signal: new AbortController().signal,
    approvesAfterMs: 1,
  });

  expect(release.status).toBe('succeeded');
  expect(approved).toEqual([aRelease('1', {}).releaseId, aRelease('2', {}).releaseId]);
  expect(lines).toHaveLength(2);
});
