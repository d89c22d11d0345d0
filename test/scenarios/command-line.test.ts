import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  approve,
  demoReleaseOf,
  freshFolder,
  startSlipway,
  untilRelease,
  type StartedSlipway,
} from '../support/installation.ts';
import { runCommand, slipwayAnswers } from '../support/slipway-process.ts';

let slipway: StartedSlipway;
let releaseId: string;

beforeAll(async () => {
  slipway = await startSlipway('--ask', '--speed', '60');
  releaseId = await demoReleaseOf(slipway.command);
  await approve(slipway.installation, releaseId);
  await untilRelease(slipway.installation, releaseId, ({ status }) => status === 'succeeded');
}, 90_000);

afterAll(() => slipway?.[Symbol.asyncDispose]());

const slipwayHere = (...args: string[]): ReturnType<typeof slipwayAnswers> =>
  slipwayAnswers(['--folder', slipway.folder, ...args]);

describe.concurrent('slipway', { timeout: 60_000 }, () => {
  it('start says which process holds the folder', async ({ expect }) => {
    const { exitCode, output } = await slipwayHere('start');

    expect(exitCode).toBe(1);
    const { port } = new URL(slipway.installation.apiUrl);
    expect(output).toMatch(
      new RegExp(`slipway: the folder .* is held by process \\d+, on port ${port}, since .*; stop it`),
    );
  });

  it('start says that a port is taken', async ({ expect }) => {
    using folder = freshFolder();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a TCP server has one
    try {
      const { exitCode, output } = await slipwayAnswers(['--folder', folder.path, 'start', '--port', String(port)]);

      expect(exitCode).toBe(1);
      expect(output).toMatch(new RegExp(`slipway: .*port ${port}.*(taken|in use)`));
      expect(output).not.toContain('    at ');
    } finally {
      server.close();
    }
  });

  it('list, status and watch show the release', async ({ expect }) => {
    const list = await slipwayHere('list');
    const status = await slipwayHere('status', 'checkout');
    const watch = await slipwayHere('watch', releaseId);

    expect(list).toMatchObject({ exitCode: 0, output: expect.stringContaining(`${releaseId}  checkout  succeeded`) });
    expect(status.output).toMatch(/Verify: SUCCEEDED {2}Smoke SUCCEEDED/);
    expect((await slipwayHere('status', releaseId)).output).toBe(status.output);
    expect(watch).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/requested by github\/octocat[^]*succeeded$/),
    });
  });

  it('logs shows what a function has written, and which functions have', async ({ expect }) => {
    const all = await slipwayHere('logs');
    const one = await slipwayHere('logs', 'smoke-test', '--lines', '4');

    expect(all.output.split('\n').filter((name) => name.includes('ActionsRunSmokeTest'))).toHaveLength(1);
    expect(one.output).toContain('job answered');
    expect(one.output.split('\n')).toHaveLength(4);
  });

  it.each([
    ['logs', 'no-such-function', /no function fits "no-such-function"; logs there are: .*SmokeTest/],
    ['logs', 'Releases', /several functions fit "Releases"/],
    ['status', 'payments', /service payments has no release/],
    ['status', 'Not A Service', /status: service/],
    ['watch', 'r-1', /r-1 is no release id/],
    ['watch', `r-${'0'.repeat(32)}`, /is not recorded; was it ever accepted\? "slipway list"/],
    ['approve', `r-${'0'.repeat(32)}`, /is unknown; slipway list/],
    ['reject', 'r-1', /reject: release/],
    ['release', 'payments', /payments/],
    ['list', '--limit=0', /Allowed are 1 to 100/],
    ['source', 'put', /missing required|required option/],
    ['start', '--port=http', /Allowed are 1 to 65535/],
    ['start', '--speed=0', /Allowed are numbers above 0/],
    ['start', '--source=/no/such/folder', /no folder \/no\/such\/folder/],
    ['deploy', 'checkout', /unknown command 'deploy'/],
  ])('%s %s is refused with a reason and no stack', async (command, argument, reason) => {
    const { exitCode, output } = await slipwayHere(command, argument);

    expect(exitCode).toBe(1);
    expect(output).toMatch(reason);
    expect(output).not.toContain('    at ');
  });

  it.each([
    'start',
    'local',
    'logs',
    'release',
    'status',
    'list',
    'watch',
    'approve',
    'reject',
    'source',
    'source put',
  ])('%s --help says what it does', async (command) => {
    const { exitCode, output } = await slipwayAnswers([...command.split(' '), '--help']);

    expect(exitCode).toBe(0);
    expect(output).toMatch(new RegExp(`^Usage: slipway ${command}`));
    expect(output.split('\n')[2]).toMatch(/\w+/);
  });

  it('without a local cloud says how to connect', async ({ expect }) => {
    using folder = freshFolder();

    const { exitCode, output } = await slipwayAnswers(['--folder', folder.path, 'list']);

    expect(exitCode).toBe(1);
    expect(output).toMatch(/no Slipway found: .*Run "npm start"/);
  });

  it('start tells what is in flight when it is interrupted, and ends with 130', async ({ expect }) => {
    using folder = freshFolder();
    await using command = runCommand(['npm', 'start', '--', '--folder', folder.path, '--ask']);
    const inFlight = await demoReleaseOf(command);
    await command.line(/waiting for you/);

    command.signal('SIGINT');

    // npm ends by the signal itself, which a shell calls 130 too.
    expect([130, 'SIGINT']).toContain(await command.ended);
    const output = command.lines.join('\n');
    expect(output).toMatch(new RegExp(`Stopped while in flight:\\n${inFlight}  checkout  awaiting-approval`));
    expect(output).toContain('"npm start" goes on with it');
  });
});

it('stops at once when nothing is in flight, and says so', { timeout: 30_000 }, async () => {
  slipway.command.signal('SIGINT');

  expect(await slipway.command.ended).toBe(130);
  expect(slipway.command.lines.at(-1)).toBe('Stopped; nothing is in flight.');
});
