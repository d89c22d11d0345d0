import { expect, it, vi } from 'vitest';
import { deliver, pushOf } from '../support/github-push.ts';
import { approve, demoReleaseOf, freshFolder, readBanner, untilRelease } from '../support/installation.ts';
import { pageWith, putPage } from '../support/pages.ts';
import { runCommand } from '../support/slipway-process.ts';
import { listenToTopic, type TopicListener } from '../support/topic-listener.ts';

it('tells, deploys and records the release that a signed push asks for', { timeout: 120_000 }, async () => {
  using folder = freshFolder();
  // `npm start`, as the README says; the options only spare the test the intervals and the demo's pause.
  await using command = runCommand(['npm', 'start', '--', '--folder', folder.path, '--ask', '--speed', '20']);
  const installation = await readBanner(command);
  const listener = await listenToTopic(installation, installation.topicArn);
  try {
    await approve(installation, await demoReleaseOf(command));
    const page = pageWith(folder.path, { 'index.html': '<p>The checkout is open, and has a new lane.</p>' });
    const commit = await putPage(folder.path, page);

    const accepted = await deliver(installation, { body: JSON.stringify(pushOf(commit)), deliveryId: 'first-light' });

    expect(accepted).toMatchObject({ status: 202, body: { status: 'accepted' } });
    const releaseId = String(accepted.body['releaseId']);
    expect(accepted.body['statusPath']).toBe(`/api/releases/${releaseId}`);
    await approve(installation, releaseId);
    const seen = await untilRelease(installation, releaseId, ({ status }) => status === 'succeeded');
    expect(seen.isFinished).toBe(true);
    expect(seen.release).toMatchObject({
      service: 'checkout',
      requestedBy: 'github/octocat',
      cause: { kind: 'webhook', trigger: 'github', deliveryId: 'first-light' },
      revision: { type: 'COMMIT_ID', value: commit },
      reason: 'Open the checkout earlier',
    });
    expect(seen.release.stages.every(({ state }) => state === 'SUCCEEDED')).toBe(true);
    // Events tell whole seconds, and come in any order within one.
    const began = ['Source', 'Scan', 'Approve', 'Deploy', 'Verify'].map(
      (stage) => seen.release.stages.find(({ name }) => name === stage)?.beganAt,
    );
    expect(began).toEqual(began.toSorted());
    expect(seen.release.stages.map(({ beganAt }) => beganAt)).toEqual(began);
    expect(seen.timeline.map(({ n }) => n)).toEqual(seen.timeline.map((_, index) => index + 1));
    expect(seen.timeline.map(({ event }) => event.type)).toEqual(
      expect.arrayContaining(['action.progressed', 'stage.changed', 'pipeline.changed']),
    );
    await vi.waitFor(() => expect(toldOf(listener, releaseId)).toEqual(expect.arrayContaining(everythingTold)), {
      timeout: 20_000,
    });
    const site = await fetch(`${installation.siteUrl}/`);
    expect(await site.text()).toContain('has a new lane');
  } finally {
    await listener.close();
  }
});

/** A release that met another one in the slot is also told as queued. */
const everythingTold = [
  'approval.answered',
  'approval.requested',
  'release.requested',
  'release.started',
  'release.succeeded',
];

/** The kinds of events about a release that the listener has heard, each once however often it came. */
function toldOf(listener: TopicListener, releaseId: string): string[] {
  const events = listener.messages().map((message) => JSON.parse(message) as { type: string; releaseId: string }); // the topic carries our events only
  return [...new Set(events.filter((event) => event.releaseId === releaseId).map(({ type }) => type))].sort();
}
