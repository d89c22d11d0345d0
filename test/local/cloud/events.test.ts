import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { putEvent } from '../../../cli/local/put-event.ts';
import { startLocalCloud, type LocalCloud } from '../../../local/cloud.ts';
import { controlPath, tokenHeader } from '../../../local/control/control-route.ts';
import { sendEvent } from '../../../local/control/send-event.ts';
import { openCloudFormation } from '../../../local/services/cloudformation/service.ts';
import { openSqs } from '../../../local/services/sqs/service.ts';
import { root } from '../../architecture/repository.ts';

const cli = join(root, 'cli/main.ts');

let folder: string;
let cloud: LocalCloud;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-event-'));
  cloud = await startLocalCloud({
    folder,
    report: () => undefined,
    services: [openCloudFormation, openSqs],
    isAuthorizing: false,
  });
  const inbox = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'inbox' } };
  const TemplateBody = JSON.stringify({ Resources: { Inbox: inbox } });
  await cloud.call('cloudformation', 'CreateStack', { StackName: 'inbox', TemplateBody });
  await cloud.settled();
  await cloud.call('events', 'PutRule', { Name: 'all', EventPattern: '{"source":[{"prefix":""}]}' });
  const target = { Id: 'inbox', Arn: 'arn:aws:sqs:us-east-1:123456789012:inbox' };
  await cloud.call('events', 'PutTargets', { Rule: 'all', Targets: [target] });
});
afterEach(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true, force: true });
});

const image = {
  source: 'aws.ecr',
  'detail-type': 'ECR Image Action',
  detail: { 'action-type': 'PUSH', result: 'SUCCESS', 'repository-name': 'shop' },
};

async function received(): Promise<object[]> {
  await cloud.settled();
  const QueueUrl = `${cloud.endpoint}/123456789012/inbox`;
  const answer = await cloud.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
  // What SQS answers.
  const { Messages: messages = [] } = answer as { Messages?: { Body: string }[] };
  return messages.map(({ Body: body }) => JSON.parse(body) as object);
}

function nested(levelCount: number): object {
  let detail = {};
  for (let count = 1; count < levelCount; count += 1) detail = { a: detail };
  return detail;
}

describe('cloud.deliver', () => {
  it('[events.deliver.added] adds what the bus adds', async () => {
    cloud.deliver({ ...image, resources: [] });
    expect(await received()).toEqual([
      {
        ...image,
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        account: '123456789012',
        region: 'us-east-1',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
        resources: [],
      },
    ]);
  });

  it('[events.deliver.whole] keeps an event that AWS has sent as it is', async () => {
    const whole = {
      ...{ version: '0', id: 'cd2d702e-ab31-411b-9344-793ce56b1bc7', account: '111122223333', region: 'eu-west-1' },
      ...{ time: '2026-01-22T18:43:48Z', resources: ['arn:aws:x'] },
    };
    cloud.deliver({ ...image, ...whole });
    expect(await received()).toEqual([{ ...image, ...whole }]);
  });

  it('[events.deliver.limits] takes what PutEvents just takes, and nothing over it', async () => {
    const spare = 1_048_576 - Buffer.byteLength(image.source + image['detail-type'] + '{"text":""}');
    // No queue carries it; that it is taken is all.
    expect(() => cloud.deliver({ ...image, resources: [], detail: { text: 'x'.repeat(spare) } })).not.toThrow();
    expect(() => cloud.deliver({ ...image, resources: [], detail: { text: 'x'.repeat(spare + 1) } })).toThrow(
      '1048577',
    );
    expect(() => cloud.deliver({ ...image, resources: [], detail: nested(1000) as never })).not.toThrow();
  });

  it.each<[string, object, string]>([
    ['no detail', { source: 'aws.ecr', 'detail-type': 'x' }, 'detail: '],
    ['a detail that is a text', { ...image, detail: '{}' }, 'detail: '],
    ['an unknown member', { ...image, body: 1 }, '"body"'],
    [
      'more than 1 MB',
      { ...image, detail: { text: 'é'.repeat(524_288) } },
      'it has 1048610 bytes, PutEvents takes 1048576',
    ],
    [
      'a detail of more than 1000 levels',
      { ...image, detail: nested(1001) },
      'PutEvents takes 1000 levels; flatten it',
    ],
    ['members of PutEvents', { Source: 'a', DetailType: 'b', Detail: '{}' }, '"aws events put-events" takes them'],
  ])('[events.deliver.refused] refuses %s', async (_name, event, message) => {
    // What a caller without types may give.
    expect(() => cloud.deliver(event as never)).toThrow(message);
    expect(await received()).toEqual([]);
  });
});

describe('slipway local event', () => {
  const printed: string[] = [];
  const event = (file: string, from = folder) =>
    putEvent({ file: join(folder, file), folder: from, print: (line) => void printed.push(line) });

  it('puts an event from standard input on the bus of the running cloud', async () => {
    const child = spawn(process.execPath, [cli, '--folder', folder, 'local', 'event', '-'], { stdio: 'pipe' });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.end(JSON.stringify(image));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, output]).toEqual([0, 'put on the default bus: ECR Image Action of aws.ecr\n']);
    expect(await received()).toMatchObject([image]);
  });

  it('puts an event from a file there', async () => {
    writeFileSync(join(folder, 'event.json'), JSON.stringify(image));
    await event('event.json');
    expect(printed).toEqual(['put on the default bus: ECR Image Action of aws.ecr']);
    expect(await received()).toMatchObject([image]);
  });

  it('takes a file that begins with the mark of UTF-8, as Windows writes it', async () => {
    writeFileSync(join(folder, 'event.json'), `\uFEFF${JSON.stringify(image)}`);
    await event('event.json');
    expect(await received()).toMatchObject([image]);
  });

  it.each<[string, string, RegExp]>([
    ['a file that is not JSON', '{', /file\.json is not JSON: .*slipway local event --help/],
    [
      'what is nested too deeply',
      JSON.stringify({ ...image, detail: {} }).replace('{}', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
      /^not an event: it is nested too deeply$/,
    ],
    [
      'more than 1 MB',
      JSON.stringify({ ...image, detail: { text: 'x'.repeat(1_048_576) } }),
      /^not an event: it has 10/,
    ],
    ['what is no event', '{"a":1}', /^not an event: detail-type: .*An event has source, detail-type/],
  ])('refuses %s', async (_name, text, message) => {
    writeFileSync(join(folder, 'file.json'), text);
    await expect(event('file.json')).rejects.toThrow(message);
    expect(await received()).toEqual([]);
  });

  it('says that a file is not there, and that no cloud runs in a folder', async () => {
    await expect(event('missing.json')).rejects.toThrow(/missing\.json cannot be read: /);
    writeFileSync(join(folder, 'event.json'), JSON.stringify(image));
    await expect(event('event.json', join(folder, 'other'))).rejects.toThrow(/other is not running; start it there/);
  });

  it('says that a cloud which was killed does not answer', async () => {
    const killed = mkdtempSync(join(tmpdir(), 'slipway-killed-'));
    const holder = { pid: 1, port: 1, since: '2026-01-05T09:00:00.000Z', token: 'x' };
    writeFileSync(join(killed, 'holder.json'), JSON.stringify(holder));
    await expect(sendEvent(killed, image)).rejects.toThrow('does not answer; start it again there');
    rmSync(killed, { recursive: true });
  });

  it('takes events only with the token that lies in the folder', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(cloud.endpoint + controlPath, { method: 'POST', headers, body: JSON.stringify(image) });
    expect((await post({})).status).toBe(403);
    expect((await post({ [tokenHeader]: 'guessed' })).status).toBe(403);
    const { token } = JSON.parse(readFileSync(join(folder, 'holder.json'), 'utf8')) as { token: string };
    expect((await post({ [tokenHeader]: token })).status).toBe(202);
    expect(await received()).toHaveLength(1);
  });
});
