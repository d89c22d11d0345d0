import { beforeAll, describe, expect, it } from 'vitest';
import { factsOf, fillTemplate, templateSchema } from '../../../shared/actions/release-facts.ts';
import { appendEvent } from '../../../shared/state/event-log.ts';
import type { Release } from '../../../shared/state/release.ts';
import { aRequest, commit, releaseId } from '../../support/domain.ts';
import { memoryStore } from '../../support/memory-store.ts';

const context = { pipelineExecutionId: 'e-1', pipeline: 'shop', stage: 'Deploy', action: 'Tell' };

describe('the facts of a release', () => {
  let release: Release;
  beforeAll(async () => {
    const request = aRequest({ revision: { type: 'COMMIT_ID', value: commit }, reason: 'because {{service}}' });
    ({ release } = await appendEvent({ store: memoryStore(), pause: async () => {} }, request));
  });

  it('fill a text', () => {
    const facts = factsOf(release, context);
    expect(fillTemplate('{{service}} {{ shortCommit }} by {{requestedBy}}: {{outcome}}', facts)).toBe(
      'checkout cccccccc by github/octocat: requested',
    );
    expect(fillTemplate('{{release}} in {{pipeline}}', facts)).toBe(`${releaseId} in shop`);
  });

  it('are put in once: what they hold is not filled again', () => {
    expect(fillTemplate('{{reason}}', factsOf(release, context))).toBe('because {{service}}');
  });

  it('say failed as soon as a stage has failed', () => {
    const stages = [{ name: 'Test', state: 'FAILED', changedAt: '', actions: [] }];
    const facts = factsOf({ ...release, status: 'running', stages }, context);
    expect(facts).toMatchObject({ outcome: 'failed', stages: 'Test failed' });
  });

  it('are unknown where the execution belongs to no release', () => {
    expect(factsOf(undefined, context)).toMatchObject({ release: 'unknown', service: 'shop', outcome: 'unknown' });
  });

  it('refuse a name that is none of theirs', () => {
    expect(templateSchema.safeParse('{{service}} #{Source.CommitId} {x}').success).toBe(true);
    expect(templateSchema.safeParse('{{servise}}').error?.issues[0]?.message).toContain('{{service}}');
  });
});
