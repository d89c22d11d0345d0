import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { push } from '../support/github-push.ts';
import {
  approve,
  ask,
  demoReleaseOf,
  startSlipway,
  untilRelease,
  type StartedSlipway,
} from '../support/installation.ts';
import { pageWith, putPage } from '../support/pages.ts';
import { packSource } from '../../cli/source.ts';

let slipway: StartedSlipway;
let demo: string;

beforeAll(async () => {
  slipway = await startSlipway('--ask', '--speed', '60');
  demo = await demoReleaseOf(slipway.command);
  await untilRelease(slipway.installation, demo, ({ approval }) => approval !== undefined);
}, 90_000);

afterAll(() => slipway?.[Symbol.asyncDispose]());

describe('releases of one service', { timeout: 120_000 }, () => {
  it('wait for their source and for each other, and go on in the order in which they came', async () => {
    const { folder, installation } = slipway;
    const page = (name: string): string =>
      pageWith(folder, { 'index.html': `<p>The checkout is open: ${name}</p>`, [`${name}.txt`]: name });
    const [early, late] = [page('early'), page('late')];
    const commitOf = (one: string): string => packSource(one).commit;

    // Pushed before its source is there, and behind it a release that could go on.
    const first = await push(installation, commitOf(early));
    await untilRelease(installation, first, ({ status }) => status === 'waiting-for-source');
    const second = await push(installation, await putPage(folder, late));
    await untilRelease(installation, second, ({ status }) => status === 'queued');
    expect(await putPage(folder, early)).toBe(commitOf(early));
    await untilRelease(installation, first, ({ status }) => status === 'queued');
    const third = await ask(installation, '/api/commands/release', { body: { service: 'checkout' } });
    const last = String(third.body['releaseId']);
    await untilRelease(installation, last, ({ status }) => status === 'queued');

    const finished: string[] = [];
    for (const releaseId of [demo, second, first, last]) {
      await approve(installation, releaseId);
      const { release } = await untilRelease(installation, releaseId, ({ status }) => status === 'succeeded');
      finished.push(release.finishedAt ?? '');
    }
    expect(finished).toEqual(finished.toSorted());
    const starts = await Promise.all(
      [second, first, last].map(
        async (id) => (await untilRelease(installation, id, () => true)).release.startedAt ?? '',
      ),
    );
    // Each began when the one before had ended, not earlier.
    starts.forEach((startedAt, index) => expect(startedAt >= (finished[index] ?? '')).toBe(true));
    const site = await fetch(`${installation.siteUrl}/`);
    expect(await site.text()).toContain('early');
  });
});
