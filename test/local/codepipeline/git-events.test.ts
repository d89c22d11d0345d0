import { describe, expect, it } from 'vitest';
import { gitEvents } from '../../../local/services/codepipeline/triggers/git-event.ts';
import { takes } from '../../../local/services/codepipeline/triggers/takes.ts';
import type { TriggerStructure } from '../../../local/services/codepipeline/structure/triggers.ts';

const refs = (of: Record<string, string>) => new Map(Object.entries(of));

describe('what has happened between two looks', () => {
  it('is a push for each branch and tag that is new or has moved, and nothing for one that is gone', () => {
    const before = refs({ 'refs/heads/main': '1', 'refs/heads/old': '1', 'refs/tags/v1': '1' });
    const after = refs({ 'refs/heads/main': '2', 'refs/heads/a/b': '3', 'refs/tags/v1': '1', 'refs/tags/v2': '2' });
    expect(gitEvents(before, after)).toEqual([
      { kind: 'branch', name: 'main', commit: '2', before: '1' },
      { kind: 'branch', name: 'a/b', commit: '3' },
      { kind: 'tag', name: 'v2', commit: '2' },
    ]);
    expect(gitEvents(after, after)).toEqual([]);
  });

  it('[codepipeline.trigger.pull-request-refs] is a pull request opened, updated and closed by its ref', () => {
    const none = refs({ 'refs/heads/main': '1' });
    const open = refs({ 'refs/heads/main': '1', 'refs/heads/fix': '2', 'refs/pull/7/head': '2' });
    const moved = refs({ ...Object.fromEntries(open), 'refs/pull/7/head': '3' });
    const pullRequest = { kind: 'pull-request', number: '7' };
    expect(gitEvents(none, open)).toContainEqual({ ...pullRequest, event: 'OPEN', commit: '2', from: 'fix' });
    expect(gitEvents(open, moved)).toEqual([{ ...pullRequest, event: 'UPDATED', commit: '3', from: 'pull/7/head' }]);
    expect(gitEvents(moved, none)).toEqual([{ ...pullRequest, event: 'CLOSED', commit: '3', from: 'pull/7/head' }]);
  });

  it('takes the branch that a pull request goes into from its base', () => {
    const after = refs({ 'refs/heads/fix': '2', 'refs/pull/7/head': '2', 'refs/pull/7/base': 'refs/heads/release/1' });
    expect(gitEvents(refs({ 'refs/heads/fix': '2' }), after)).toEqual([
      { kind: 'pull-request', event: 'OPEN', number: '7', commit: '2', from: 'fix', into: 'release/1' },
    ]);
  });
});

describe('a trigger', () => {
  const trigger = (of: Partial<TriggerStructure>): TriggerStructure => ({
    sourceAction: 'Fetch',
    push: [],
    pullRequest: [],
    ...of,
  });
  const only = (...includes: string[]) => ({ includes, excludes: [] });
  const around = (...files: string[]) => ({ defaultBranch: 'main', files: async () => files });
  const branch = (name: string) => ({ kind: 'branch' as const, name, commit: '1' });
  const tag = (name: string) => ({ kind: 'tag' as const, name, commit: '1' });
  const noFiles = {
    defaultBranch: 'main',
    files: () => Promise.reject(new Error('files are looked at without a filter of file paths')),
  };

  it('[codepipeline.trigger.branches] takes pushes to the branches that it includes, and no tag', async () => {
    const it = trigger({ push: [{ branches: only('main', 'release/**') }] });
    expect(await takes(it, branch('release/1'), noFiles)).toBe(true);
    expect(await takes(it, branch('feature'), noFiles)).toBe(false);
    expect(await takes(it, tag('main'), noFiles)).toBe(false);
  });

  it('[codepipeline.trigger.tags] takes pushes of the tags that it includes, and no branch', async () => {
    const it = trigger({ push: [{ tags: only('v*') }] });
    expect(await takes(it, tag('v1'), noFiles)).toBe(true);
    expect(await takes(it, tag('draft'), noFiles)).toBe(false);
    expect(await takes(it, branch('v1'), noFiles)).toBe(false);
  });

  it('[codepipeline.trigger.excludes-first] does not take what it excludes, also where it includes it', async () => {
    const it = trigger({ push: [{ branches: { includes: ['**'], excludes: ['main'] } }] });
    expect(await takes(it, branch('main'), noFiles)).toBe(false);
    const rest = trigger({ push: [{ branches: { includes: [], excludes: ['main'] } }] });
    expect(await takes(rest, branch('other'), noFiles)).toBe(true);
    expect(await takes(rest, branch('main'), noFiles)).toBe(false);
  });

  it('[codepipeline.trigger.file-paths] takes a push to a branch of its that changes one of its files', async () => {
    const paths = { includes: ['app/**'], excludes: ['**/README.md'] };
    const it = trigger({ push: [{ branches: only('main'), filePaths: paths }] });
    expect(await takes(it, branch('main'), around('docs/a', 'app/a.ts'))).toBe(true);
    expect(await takes(it, branch('main'), around('docs/a', 'app/README.md'))).toBe(false);
    expect(await takes(it, branch('main'), around())).toBe(false);
    expect(await takes(it, branch('other'), noFiles)).toBe(false);
  });

  it('[codepipeline.trigger.or] takes what any of its filters takes', async () => {
    const it = trigger({
      push: [{ tags: only('v*') }, { branches: only('main'), filePaths: only('a') }, { branches: only('next') }],
    });
    expect(await takes(it, tag('v1'), noFiles)).toBe(true);
    expect(await takes(it, branch('next'), noFiles)).toBe(true);
    expect(await takes(it, branch('main'), around('b'))).toBe(false);
  });

  it('[codepipeline.trigger.pull-request] takes its events of pull requests into its branches', async () => {
    const it = trigger({ pullRequest: [{ events: ['OPEN', 'CLOSED'], branches: only('main') }] });
    const opened = { kind: 'pull-request' as const, event: 'OPEN' as const, number: '1', commit: '1', from: 'fix' };
    expect(await takes(it, opened, noFiles)).toBe(true);
    expect(await takes(it, { ...opened, event: 'UPDATED' }, noFiles)).toBe(false);
    expect(await takes(it, { ...opened, into: 'release' }, noFiles)).toBe(false);
    expect(await takes(it, branch('main'), noFiles)).toBe(false);
  });
});
