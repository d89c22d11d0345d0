import { readdirSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Approvals, PendingApproval } from '../../../shared/approvals/answer.ts';
import type {
  AnyCommand,
  CommandAnswer,
  ReleaseCommandContext,
  SourceCommandContext,
} from '../../../shared/commands/command.ts';
import { verbs } from '../../../shared/commands/registry.ts';
import { releaseCommands } from '../../../shared/commands/release-commands.ts';
import { runCommand } from '../../../shared/commands/run.ts';
import { sourceCommands } from '../../../shared/commands/source-commands.ts';
import type { Role } from '../../../shared/people/roles.ts';
import { launchRelease } from '../../../shared/releases/launch.ts';
import { planRelease } from '../../../shared/releases/plan.ts';
import { requestRelease } from '../../../shared/releases/request.ts';
import { readEntries } from '../../../shared/state/event-log.ts';
import { readOutcome, waitKeys } from '../../../shared/state/waits.ts';
import {
  aDomain,
  aRequest,
  aService,
  commit,
  otherReleaseId,
  pipelineArn,
  releaseId,
  type Domain,
} from '../../support/domain.ts';

let domain: Domain;
let pending: PendingApproval[];
let answers: unknown[];
beforeEach(() => {
  domain = aDomain();
  pending = [{ stage: 'Approve', action: 'Ask', token: 'secret-token' }];
  answers = [];
});

const approvals: Approvals = {
  pending: async () => pending,
  answer: async (arn, { token }, answer) => {
    answers.push({ arn, token, ...answer });
    return pending.length > 0 ? 'answered' : 'late';
  },
};
const versions = ['v1'];

function context(role: Role): ReleaseCommandContext & SourceCommandContext {
  return {
    ...domain,
    principal: { id: 'ann', roles: [role] },
    newId: () => '0b5c1c9e-0000-4000-8000-000000000000',
    traceId: 'trace',
    approvals,
    sources: {
      presignUpload: async (service, seconds) => `https://upload/${service.source.key}?expires=${seconds}`,
      findVersion: async (_, versionId) => (versions.includes(versionId) ? { sizeBytes: 1 } : undefined),
    },
  };
}
const commands: AnyCommand<ReleaseCommandContext & SourceCommandContext>[] = [...releaseCommands, ...sourceCommands];
const run = (verb: string, input: unknown = {}, role: Role = 'admin'): Promise<CommandAnswer> =>
  runCommand(commands, { verb, input }, context(role));

describe('commands', () => {
  it('are one file each, named after their verb', () => {
    const others = [
      'answer-command',
      'command',
      'define',
      'registry',
      'release-commands',
      'run',
      'source-commands',
    ].map((name) => `${name}.ts`);
    const files = readdirSync(new URL('../../../shared/commands', import.meta.url)).filter(
      (file) => !others.includes(file),
    );
    expect(files.map((file) => file.replace('.ts', '')).sort()).toEqual([...verbs].sort());
  });

  it('refuses a verb that does not exist, naming those that do', async () => {
    await expect(run('destroy')).rejects.toThrow(/there is no verb destroy; there are: release, status/);
  });

  it.each<[string, Role]>([
    ['release', 'viewer'],
    ['approve', 'releaser'],
    ['reject', 'viewer'],
    ['source-open', 'approver'],
    ['source-record', 'viewer'],
  ])('refuses %s to a %s', async (verb, role) => {
    await expect(run(verb, {}, role)).rejects.toMatchObject({ name: 'Forbidden' });
  });

  it.each([
    ['release', {}, /service/],
    ['release', { service: 'checkout', revison: commit }, /revison/],
    ['release', { service: 'checkout', revision: 'main' }, /revision: must be the 40 hex digits/],
    ['list', { limit: 1000 }, /limit/],
    ['status', {}, /status/],
    ['approve', { release: 'r-1' }, /release/],
  ])('refuses to %s %j, naming the field', async (verb, input, field) => {
    await expect(run(verb, input)).rejects.toMatchObject({
      name: 'InvalidInput',
      message: expect.stringMatching(field),
    });
  });
});

describe('release', () => {
  it('publishes a request, and the same one for the same request id', async () => {
    const input = { service: 'checkout', revision: commit, reason: 'because', requestId: 'request-1' };
    const { isDone, body } = await run('release', input);
    expect(isDone).toBe(false);
    expect(body).toMatchObject({ status: 'accepted', statusPath: expect.stringMatching(/^\/api\/releases\/r-/) });
    expect(domain.published).toMatchObject([
      { type: 'release.requested', requestedBy: 'ann', revision: { value: commit } },
    ]);
    const [first] = domain.published;
    if (first?.type !== 'release.requested') throw new Error('a request was expected');
    await requestRelease(domain, first, 'arn:1');
    expect((await run('release', input)).body).toMatchObject({ status: 'duplicate', releaseId: first.releaseId });
  });

  it('refuses the request id of a release of another service', async () => {
    domain = aDomain({ services: [aService(), aService({ name: 'billing' })] });
    await run('release', { service: 'billing', requestId: 'request-1' });
    const [first] = domain.published;
    if (first?.type !== 'release.requested') throw new Error('a request was expected');
    await requestRelease(domain, first, 'arn:1');
    await expect(run('release', { service: 'checkout', requestId: 'request-1' })).rejects.toMatchObject({
      name: 'Conflict',
      message: expect.stringContaining('billing'),
    });
  });

  it('refuses an unknown service and publishes nothing', async () => {
    await expect(run('release', { service: 'billing' })).rejects.toThrow(/declared are: checkout/);
    expect(domain.published).toEqual([]);
  });
});

describe('status and list', () => {
  it('show a release, the newest of a service, and all of them', async () => {
    await requestRelease(domain, aRequest(), 'arn:1');
    await requestRelease(domain, aRequest({ releaseId: otherReleaseId, at: '2026-01-05T10:00:00.000Z' }), 'arn:2');
    expect((await run('status', { release: releaseId })).body).toMatchObject({ release: { releaseId } });
    expect((await run('status', { service: 'checkout' })).body).toMatchObject({
      release: { releaseId: otherReleaseId },
    });
    expect((await run('list', { limit: 1 })).body).toMatchObject({
      releases: [{ releaseId: otherReleaseId }],
      next: expect.any(String),
    });
    await expect(run('status', { release: `r-${'9'.repeat(32)}` })).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe('approve and reject', () => {
  beforeEach(async () => {
    await requestRelease(domain, aRequest(), 'arn:1');
    await launchRelease(domain, releaseId);
  });

  it.each([
    ['approve', 'approved', true],
    ['reject', 'rejected', false],
  ])('%s answers the pipeline and records who did, without the token', async (verb, decision, isApproved) => {
    const { body } = await run(verb, { release: releaseId, comment: 'looked at it' }, 'approver');
    expect(body).toEqual({ status: decision, releaseId, stage: 'Approve', action: 'Ask' });
    expect(answers).toEqual([{ arn: pipelineArn, token: 'secret-token', isApproved, summary: 'ann: looked at it' }]);
    const entries = await readEntries(domain.store, releaseId, { after: 0, limit: 10 });
    expect(entries.at(-1)?.event).toMatchObject({ type: 'approval.answered', decision, by: 'ann' });
    expect(JSON.stringify([entries, domain.published])).not.toContain('secret-token');
  });

  it('refuses when nothing waits, or several do and none is named', async () => {
    pending = [];
    await expect(run('approve', { release: releaseId })).rejects.toThrow(/waits for no approval/);
    pending = ['One', 'Two'].map((action) => ({ stage: 'Approve', action, token: action }));
    await expect(run('approve', { release: releaseId })).rejects.toThrow(/One, Two; name one/);
    expect((await run('approve', { release: releaseId, action: 'Two' })).body).toMatchObject({ action: 'Two' });
    await expect(run('approve', { release: releaseId, action: 'Three' })).rejects.toThrow(
      /named Three; waiting: One, Two/,
    );
  });
});

describe('source-open and source-record', () => {
  it('opens the bucket for one upload', async () => {
    expect((await run('source-open', { service: 'checkout' })).body).toEqual({
      url: 'https://upload/checkout.zip?expires=900',
      method: 'PUT',
      headers: { 'content-type': 'application/zip' },
      expiresInSeconds: 900,
      bucket: 'sources',
      key: 'checkout.zip',
    });
  });

  it('records a version and resumes whoever waits for the commit', async () => {
    await requestRelease(domain, aRequest({ revision: { type: 'COMMIT_ID', value: commit } }), 'arn:1');
    await planRelease(domain, releaseId);
    const input = { service: 'checkout', commit, versionId: 'v1' };
    expect((await run('source-record', input)).body).toMatchObject({ status: 'recorded', resumed: 1 });
    expect(await readOutcome(domain.store, waitKeys.source('checkout', commit, releaseId))).toMatchObject({
      versionId: 'v1',
    });
    expect((await run('source-record', input)).body).toMatchObject({ status: 'recorded' });
  });

  it('refuses a version that is not there, and another one for a commit that has its own', async () => {
    await expect(run('source-record', { service: 'checkout', commit, versionId: 'v2' })).rejects.toMatchObject({
      name: 'NotFound',
    });
    await run('source-record', { service: 'checkout', commit, versionId: 'v1' });
    versions.push('v2');
    await expect(run('source-record', { service: 'checkout', commit, versionId: 'v2' })).rejects.toMatchObject({
      name: 'Conflict',
    });
  });
});
