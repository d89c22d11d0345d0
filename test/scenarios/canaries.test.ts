import { CodePipelineClient, GetPipelineStateCommand, ListActionExecutionsCommand } from '@aws-sdk/client-codepipeline';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tapEvents, type EventTap } from '../support/event-tap.ts';
import { deliver, pushOf } from '../support/github-push.ts';
import {
  approve,
  ask,
  demoReleaseOf,
  startSlipway,
  untilRelease,
  type StartedSlipway,
} from '../support/installation.ts';
import { pageWith, putPage } from '../support/pages.ts';
import { scanTable } from '../support/records.ts';
import { readHistories } from '../support/step-functions-histories.ts';
import { listenToTopic, type TopicListener } from '../support/topic-listener.ts';

// Put together here, so that this file itself holds no secret.
const pushedSecret = ['AWS', 'k7Qd2', 'mB9xVt4LwZr8PnYc3FhJ6sGuEaT5iK1o'].join('/');
const sourceSecret = ['ghp', 'x9Kq2LmZ7rTn4WvB8sYc1DfG6hJp3aEu5oQi'].join('_');

let slipway: StartedSlipway;
let tap: EventTap;
let listener: TopicListener;
const events: string[] = [];

beforeAll(async () => {
  slipway = await startSlipway('--ask', '--speed', '60');
  const { installation, command, folder } = slipway;
  tap = await tapEvents(installation);
  listener = await listenToTopic(installation, installation.topicArn);
  const demo = await demoReleaseOf(command);
  await approve(installation, demo);
  await untilRelease(installation, demo, ({ status }) => status === 'succeeded');
  const commit = await putPage(folder, pageWith(folder, { 'config.js': `const token = '${sourceSecret}';\n` }));
  const body = JSON.stringify(pushOf(commit, { pusher: { name: 'octocat', key: pushedSecret } }));
  await deliver(installation, { body, signature: 'sha256=00' });
  const pushed = await deliver(installation, { body });
  await untilRelease(installation, String(pushed.body['releaseId']), ({ status }) => status === 'failed');
  events.push(...(await tap.drain()));
}, 120_000);

afterAll(async () => {
  await tap?.close();
  await listener?.close();
  await slipway?.[Symbol.asyncDispose]();
});

/** Everything that people and other systems may read, as text. */
async function readEverything(): Promise<Readonly<Record<string, string>>> {
  const { installation, folder, command } = slipway;
  const releases = await ask(installation, '/api/releases?limit=100');
  const ids = (releases.body['releases'] as { releaseId: string }[]).map(({ releaseId }) => releaseId); // as documented
  const pipelines = new CodePipelineClient(installation.aws);
  return {
    logs: readLogs(join(folder, 'logs')),
    histories: JSON.stringify(await readHistories(installation)),
    table: JSON.stringify(await scanTable(installation)),
    events: events.join('\n'),
    messages: listener.raw(),
    replies: JSON.stringify([
      releases,
      ...(await Promise.all(ids.map((id) => ask(installation, `/api/releases/${id}`)))),
    ]),
    'pipeline state': JSON.stringify(await pipelines.send(new GetPipelineStateCommand({ name: 'checkout' }))),
    'action executions': JSON.stringify(
      await pipelines.send(new ListActionExecutionsCommand({ pipelineName: 'checkout' })),
    ),
    output: command.lines.join('\n'),
  };
}

function readLogs(folder: string): string {
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/** The secret halves of all credentials that the cloud has issued, to jobs, functions and workflows. */
function issuedSecrets(folder: string): string[] {
  const database = new DatabaseSync(join(folder, 'cloud.sqlite'), { readOnly: true });
  try {
    const rows = database
      .prepare("SELECT secret, session_token FROM gateway_credentials WHERE principal LIKE '%role%'")
      .all();
    return rows
      .flatMap(({ secret, session_token: token }) => [secret, token])
      .filter((value) => typeof value === 'string');
  } finally {
    database.close();
  }
}

/** `where: which` for each secret that stands somewhere, JSON's escapes taken into account. */
async function findAny(secrets: Readonly<Record<string, string>>): Promise<string[]> {
  const everything = Object.entries(await readEverything());
  return everything.flatMap(([where, text]) =>
    Object.entries(secrets)
      .filter(([, secret]) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1)))
      .map(([which]) => `${where}: ${which}`),
  );
}

describe('a secret', () => {
  it('is found by the search that finds none below', async () => {
    const { installation } = slipway;

    expect(await findAny({ requester: 'octocat' })).toEqual(
      expect.arrayContaining(['histories: requester', 'table: requester', 'events: requester', 'messages: requester']),
    );
    expect(await findAny({ site: installation.siteUrl })).toEqual(expect.arrayContaining(['action executions: site']));
    expect(await findAny({ message: 'job answered' })).toEqual(['logs: message']);
  });

  it('of a job, a function or a workflow stands nowhere', async () => {
    const secrets = issuedSecrets(slipway.folder);

    expect(secrets.length).toBeGreaterThan(20);
    expect(await findAny(Object.fromEntries(secrets.map((secret, index) => [`credential ${index}`, secret])))).toEqual(
      [],
    );
  });

  it('of the webhook or the API stands nowhere but in what start prints for its owner', async () => {
    const { githubSecret, token, aws } = slipway.installation;

    expect(await findAny({ githubSecret, token, 'the owner’s key': aws.credentials.secretAccessKey })).toEqual([
      'output: githubSecret',
      'output: token',
      'output: the owner’s key',
    ]);
  });

  it('in a pushed body or in a released file stands nowhere', async () => {
    expect(await findAny({ pushedSecret, sourceSecret })).toEqual([]);
  });

  it('that resumes a workflow stands in its history and in its wait alone', async () => {
    const histories = JSON.stringify(await readHistories(slipway.installation));
    const tokens = [
      ...new Set([...histories.matchAll(/:token\W+S\W+([A-Za-z0-9+/=_-]{40,})/g)].map(([, token = '']) => token)),
    ];

    expect(tokens.length).toBeGreaterThan(0);
    const found = await findAny(Object.fromEntries(tokens.map((token, index) => [String(index), token])));
    expect(new Set(found.map((place) => place.split(':')[0]))).toEqual(new Set(['histories']));
  });
});
