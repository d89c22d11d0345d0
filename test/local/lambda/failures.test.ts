import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { functionCloud, type FunctionCloud } from './function-cloud.ts';

let functions: FunctionCloud;
beforeEach(async () => {
  functions = await functionCloud({ initLimitMs: 300 });
});
afterEach(() => functions.close());

describe('a function that fails', () => {
  it('[lambda.error.thrown] answers a thrown error with type, message and trace', async () => {
    await functions.deploy(
      'throws',
      `class NoSuchRelease extends Error { name = 'NoSuchRelease' }; exports.handler = async () => { throw new NoSuchRelease('gone'); };`,
    );
    const { payload, functionError, tail } = await functions.invoke('throws');
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'NoSuchRelease', errorMessage: 'gone' });
    expect((payload as { trace: string[] }).trace[1]).toMatch(/^ {4}at .*index\.js/);
    expect(tail).toContain('ERROR\tInvoke Error');
  });

  it('[lambda.error.thrown] answers a thrown text with its type', async () => {
    await functions.deploy('throws-text', `exports.handler = async () => { throw 'no'; };`);
    expect((await functions.invoke('throws-text')).payload).toEqual({
      errorType: 'string',
      errorMessage: 'no',
      trace: [],
    });
  });

  it('[lambda.error.timeout] is ended at its deadline, even in a busy loop, and starts cold next time', async () => {
    await functions.deploy(
      'loops',
      `let calls = 0; exports.handler = async (event) => { calls++; while (event.loop) {} return calls; };`,
      { Timeout: 1 },
    );
    const { payload, functionError, tail } = await functions.invoke('loops', { loop: true });
    expect(functionError).toBe('Unhandled');
    expect(payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]+ Error: Task timed out after 1\.00 seconds$/,
      ) as unknown,
    });
    expect(tail).toContain('Status: timeout');
    expect((await functions.invoke('loops', {})).payload).toBe(1);
  });

  it('ends with the signal that it sends to its own process, and the cloud goes on', async () => {
    await functions.deploy(
      'signals',
      `exports.handler = async ({ pid }) => { process.kill(process.pid, 0); process.kill(pid ?? process.pid, 'SIGTERM'); };`,
    );
    for (const event of [{}, { pid: 0 }]) {
      expect((await functions.invoke('signals', event)).payload).toMatchObject({
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringContaining('Runtime exited with error: exit status 143') as unknown,
      });
    }
  });

  it.each(['null', '7', '{ kind: "nonsense" }', '{ kind: "returned" }', '{ kind: "log", text: 1 }'])(
    'changes nothing by posting %s to the port of its thread',
    async (message) => {
      await functions.deploy(
        'posts',
        `const { parentPort } = require('node:worker_threads');
         parentPort.postMessage(${message});
         exports.handler = async () => { parentPort.postMessage(${message}); return 'fine'; };`,
      );
      expect((await functions.invoke('posts')).payload).toBe('fine');
    },
  );

  it('[lambda.error.memory] is ended when it takes more memory than it has', async () => {
    await functions.deploy(
      'hungry',
      `exports.handler = async () => { const all = []; for (;;) all.push(new Array(100000).fill({})); };`,
      { Timeout: 20 },
    );
    expect((await functions.invoke('hungry')).payload).toMatchObject({
      errorType: 'Runtime.OutOfMemory',
      errorMessage: expect.stringContaining('Runtime exited with error: signal: killed') as unknown,
    });
  });

  it.each([
    [0, 'Runtime exited without providing a reason'],
    [3, 'Runtime exited with error: exit status 3'],
  ])('[lambda.error.exit] reports process.exit(%i) as the end of the runtime', async (code, reason) => {
    await functions.deploy('exits', `exports.handler = async () => process.exit(${code});`);
    expect((await functions.invoke('exits')).payload).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringContaining(reason) as unknown,
    });
  });

  it('[lambda.error.uncaught] reports an error that nobody catches', async () => {
    await functions.deploy(
      'uncaught',
      `exports.handler = () => new Promise(() => setTimeout(() => { throw new TypeError('late'); }));`,
    );
    expect((await functions.invoke('uncaught')).payload).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'late',
    });
    await functions.deploy(
      'unhandled',
      `exports.handler = () => new Promise(() => { Promise.reject(new Error('lost')); });`,
    );
    expect((await functions.invoke('unhandled')).payload).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: lost',
    });
  });

  it('[lambda.error.response-size] reports an answer that is no JSON or larger than 6 MB', async () => {
    await functions.deploy('bigint', `exports.handler = async () => 1n;`);
    expect((await functions.invoke('bigint')).payload).toMatchObject({ errorType: 'Runtime.JSONStringifyError' });
    await functions.deploy('large', `exports.handler = async () => 'x'.repeat(6291556);`);
    expect((await functions.invoke('large')).payload).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
  });

  it.each([
    ['a module that throws', `throw new RangeError('no config');`, {}, 'RangeError'],
    ['a module that is not there', `require('./absent.js');`, {}, 'Runtime.ImportModuleError'],
    ['a module with a syntax error', `exports.handler = async () => {`, {}, 'Runtime.UserCodeSyntaxError'],
    ['a module that exits', `process.exit(1);`, {}, 'Runtime.ExitError'],
    ['an export that is not there', `exports.other = 1;`, {}, 'Runtime.HandlerNotFound'],
    ['a file that is not there', `1;`, { Handler: 'main.handler' }, 'Runtime.ImportModuleError'],
    ['a handler name without an export', `1;`, { Handler: 'index' }, 'Runtime.MalformedHandlerName'],
    [
      'a callback handler on Node.js 24',
      `exports.handler = (e, c, done) => done(null, 1);`,
      {},
      'Runtime.CallbackHandlerDeprecated',
    ],
  ])(
    '[lambda.error.initialization] reports %s while it is initialized',
    async (_what, source, properties, errorType) => {
      await functions.deploy('broken', source, properties);
      const { payload, functionError } = await functions.invoke('broken');
      expect({ payload, functionError }).toMatchObject({ payload: { errorType }, functionError: 'Unhandled' });
    },
  );

  it('does not see packages that lie above its code', async () => {
    const above = join(functions.cloud.context.folder, 'node_modules', 'lodger');
    mkdirSync(above, { recursive: true });
    writeFileSync(join(above, 'index.js'), 'module.exports = 1;');
    await functions.deploy('leans', `exports.handler = async () => require('lodger');`);
    expect((await functions.invoke('leans')).payload).toMatchObject({
      errorMessage: expect.stringContaining("Cannot find module 'lodger'") as unknown,
    });
    await functions.deploy('imports', {
      'index.mjs': `import one from 'lodger'; export const handler = async () => one;`,
    });
    expect((await functions.invoke('imports')).payload).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
    await functions.deploy('own', {
      'index.js': `const { join } = require('node:path'); exports.handler = async () => [require('lodger'), require('./lib.js'), typeof join];`,
      'lib.js': `module.exports = 3;`,
      'node_modules/lodger/index.js': `module.exports = 2;`,
    });
    expect((await functions.invoke('own')).payload).toEqual([2, 3, 'function']);
  });

  it('[lambda.error.slow-initialization] tries a slow initialization once more within its time-out', async () => {
    await functions.deploy(
      'slow-start',
      { 'index.mjs': `await new Promise((r) => setTimeout(r, 500)); export const handler = async () => 'up';` },
      { Timeout: 5 },
    );
    expect((await functions.invoke('slow-start')).payload).toBe('up');
    await functions.deploy(
      'no-start',
      { 'index.mjs': `await new Promise((r) => setTimeout(r, 60_000)); export const handler = async () => 'up';` },
      { Timeout: 1 },
    );
    expect((await functions.invoke('no-start')).payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  it('[lambda.error.isolated] does not stop another one', async () => {
    await functions.deploy('crashes', `exports.handler = async () => process.exit(1);`);
    await functions.deploy('works', `exports.handler = async () => 'fine';`);
    for (let n = 0; n < 10; n++) await functions.invokeAsync('crashes');
    expect((await functions.invoke('works')).payload).toBe('fine');
    await functions.cloud.timers.settled();
  });
});

describe('a handler', () => {
  it.each([
    ['CommonJS', { 'index.js': `exports.handler = async () => 'up';` }, {}],
    ['a module by its syntax', { 'index.js': `export const handler = async () => 'up';` }, {}],
    ['a module by its name', { 'index.mjs': `export const handler = async () => 'up';` }, {}],
    [
      'a module by its package.json',
      { 'index.js': `export const handler = async () => 'up';`, 'package.json': '{"type":"module"}' },
      {},
    ],
    [
      'a file in a folder',
      { 'src/app.cjs': `exports.api = { handler: async () => 'up' };` },
      { Handler: 'src/app.api.handler' },
    ],
    ['a function that returns no promise', { 'index.js': `exports.handler = () => 'up';` }, {}],
    [
      'a callback',
      { 'index.js': `exports.handler = (e, c, done) => setTimeout(() => done(null, 'up'), 5);` },
      { Runtime: 'nodejs20.x' },
    ],
    ['context.succeed', { 'index.js': `exports.handler = (e, c) => c.succeed('up');` }, { Runtime: 'nodejs20.x' }],
    [
      'a callback that does not wait for the event loop',
      {
        'index.js': `exports.handler = (e, c, done) => { c.callbackWaitsForEmptyEventLoop = false; setInterval(() => {}, 1000); done(null, 'up'); };`,
      },
      { Runtime: 'nodejs20.x' },
    ],
  ])('[lambda.handler.forms] may be %s', async (_what, files, properties) => {
    await functions.deploy('any', files, properties);
    expect((await functions.invoke('any')).payload).toBe('up');
    expect((await functions.invoke('any')).payload).toBe('up');
  });

  it('[lambda.handler.forms] fails by callback as by throwing', async () => {
    await functions.deploy('fails', `exports.handler = (e, c, done) => done(new Error('no'));`, {
      Runtime: 'nodejs20.x',
    });
    expect((await functions.invoke('fails')).payload).toMatchObject({ errorType: 'Error', errorMessage: 'no' });
  });
});
