import { describe, expect, it } from 'vitest';
import type { SlipwayEvent } from '../../../shared/events/event.ts';
import { foldEvent, type Release } from '../../../shared/state/release.ts';
import { aRequest, otherReleaseId, pipelineArn, releaseId } from '../../support/domain.ts';

const about = {
  contract: 1,
  id: 'event',
  releaseId,
  service: 'checkout',
  traceId: 'trace',
  at: '2026-01-05T09:01:00Z',
} as const;
const execution = { pipelineExecutionId: 'execution-1' };
const started: SlipwayEvent = { ...about, ...execution, type: 'release.started', pipelineArn, attempt: 1 };
const scan = {
  ...about,
  ...execution,
  type: 'action.changed',
  stage: 'Scan',
  action: 'Scan',
  category: 'Invoke',
  provider: 'Lambda',
} as const;
const asked: SlipwayEvent = { ...about, ...execution, type: 'approval.requested', stage: 'Approve', action: 'Ask' };
const approval = { ...scan, stage: 'Approve', action: 'Ask', category: 'Approval' } as const;

function fold(...events: SlipwayEvent[]): Release {
  return events.reduce<Release>((release, event) => foldEvent(release, event), foldEvent(undefined, aRequest()));
}

describe('the view of a release', () => {
  it.each<[string, SlipwayEvent, string]>([
    ['waits for its source', { ...about, type: 'source.awaited', commit: 'c' }, 'waiting-for-source'],
    ['is queued', { ...about, type: 'release.queued', behind: otherReleaseId }, 'queued'],
    ['runs', started, 'running'],
    ['has succeeded', { ...about, type: 'release.succeeded', attempt: 1 }, 'succeeded'],
    ['has failed', { ...about, type: 'release.failed', attempt: 1, error: 'FAILED', reason: 'x' }, 'failed'],
  ])('says that it %s', (_, event, status) => {
    expect(fold(event).status).toBe(status);
  });

  it('is not set back by an event that comes late', () => {
    expect(fold(started, { ...about, type: 'release.queued', behind: otherReleaseId }).status).toBe('running');
    const ended = fold(started, { ...about, type: 'release.succeeded', attempt: 1 }, asked);
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(ended.approval).toBeUndefined();
  });

  it('waits for approval until the action ends', () => {
    const waiting = fold(started, asked);
    expect(waiting).toMatchObject({ status: 'awaiting-approval', approval: { stage: 'Approve', action: 'Ask' } });
    const ended = foldEvent(waiting, { ...approval, at: '2026-01-05T09:02:00Z', state: 'SUCCEEDED' });
    expect(ended).toMatchObject({ status: 'running', approval: undefined });
  });

  it('does not wait for an approval that has ended before its request arrives', () => {
    expect(fold(started, { ...approval, at: '2026-01-05T09:02:00Z', state: 'SUCCEEDED' }, asked).status).toBe(
      'running',
    );
  });

  it.each([
    ['SUCCEEDED', 'STARTED'],
    ['STARTED', 'SUCCEEDED'],
  ] as const)('folds %s and %s of the same second by rank, not by arrival', (one, other) => {
    const view = fold(started, { ...scan, state: one }, { ...scan, state: other });
    expect(view.stages).toMatchObject([{ name: 'Scan', actions: [{ name: 'Scan', state: 'SUCCEEDED' }] }]);
  });

  it('has its stages as they began, whatever came first', () => {
    const source = { ...scan, stage: 'Source', action: 'Source', state: 'SUCCEEDED' } as const;
    const early = '2026-01-05T08:59:00Z';
    const view = fold(started, { ...scan, state: 'STARTED' }, source, { ...source, at: early, state: 'STARTED' });
    expect(view.stages).toMatchObject([
      { name: 'Source', beganAt: early },
      { name: 'Scan', beganAt: scan.at },
    ]);
  });

  it('starts an action anew when its stage is retried later', () => {
    const view = fold(started, { ...scan, state: 'FAILED' }, { ...scan, at: '2026-01-05T09:05:00Z', state: 'STARTED' });
    expect(view.stages[0]?.actions[0]?.state).toBe('STARTED');
  });

  it('shows the progress of a running action, the newest only', () => {
    const progress = { ...about, ...execution, type: 'action.progressed', action: 'smoke-test' } as const;
    const view = fold(
      started,
      { ...progress, at: '2026-01-05T09:02:00Z', summary: 'two', percentComplete: 50 },
      { ...progress, summary: 'one', percentComplete: 25 },
    );
    expect(view.progress).toMatchObject({ summary: 'two', percentComplete: 50 });
  });

  it('ignores the end of an attempt when the next one has begun', () => {
    const view = fold(
      started,
      { ...about, ...execution, type: 'release.reopened', attempt: 2 },
      { ...about, type: 'release.failed', attempt: 1, error: 'FAILED', reason: 'x' },
    );
    expect(view).toMatchObject({ status: 'running', pipeline: { attempt: 2 } });
  });
});
