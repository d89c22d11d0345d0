import { SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitTag } from '../../../infra/public.ts';
import { actionPipeline, place, type ActionPipeline } from '../../support/action-pipeline.ts';
import { commit } from '../../support/domain.ts';
import { fakeGitHub } from '../../support/fake-git-hosts.ts';
import { giveRelease } from '../../support/give-release.ts';
import { webServer, type WebServer } from '../../support/web-server.ts';

const github = fakeGitHub();
github.commits.add(commit);
github.tags.set('latest', { commit: 'd'.repeat(40) });

let server: WebServer;
let pipeline: ActionPipeline;
beforeAll(async () => {
  server = await webServer((request) => github.reply(request));
  pipeline = await actionPipeline({
    actions: ['git-tag'],
    stage: ({ slipway, stack }) => {
      // An example, which opens nothing.
      new Secret(stack, 'Token', { secretName: 'bot', secretStringValue: SecretValue.unsafePlainText('t-1') });
      const shop = { provider: 'github', url: server.url, secret: 'bot', project: 'acme/shop' } as const;
      const actions = {
        Tag: { ...shop, tag: '{{service}}-{{shortCommit}}', message: 'by {{requestedBy}}' },
        Moved: { ...shop, tag: 'latest' },
      };
      return Object.entries(actions).map(([actionName, parameters]) =>
        slipway.action(gitTag, { ...place, actionName, parameters }),
      );
    },
  });
});
afterAll(async () => {
  await pipeline[Symbol.asyncDispose]();
  await server.close();
});

describe('git-tag in a pipeline', () => {
  let execution: string;
  beforeAll(async () => {
    execution = await pipeline.start();
    await giveRelease(pipeline.cloud, execution);
  });

  it('tags the commit of the release', async () => {
    expect(await pipeline.untilEnded(execution, 'Tag', '5s')).toMatchObject({
      status: 'Succeeded',
      outputs: { tag: 'checkout-cccccccc', commit },
    });
    expect(github.tags.get('checkout-cccccccc')).toEqual({ commit, message: 'by github/octocat' });
  });

  it('fails when the tag is at another commit', async () => {
    expect(await pipeline.untilEnded(execution, 'Moved', '5s')).toMatchObject({
      status: 'Failed',
      error: { code: 'JobFailed', message: expect.stringContaining('tag latest is at dddd') },
    });
  });

  it('says what to do where no commit is known', async () => {
    const ofNobody = await pipeline.start();
    expect(await pipeline.untilEnded(ofNobody, 'Moved', '5s')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringContaining('no commit is known') },
    });
  });
});
