import { afterEach, beforeEach, expect, it } from 'vitest';
import { functionCloud, type FunctionCloud } from './function-cloud.ts';

let functions: FunctionCloud;
beforeEach(async () => {
  functions = await functionCloud({ initLimitMs: 500, maxThreads: 4 });
});
afterEach(() => functions.close());

/** Ways in which a function ends its thread, never ends, or never begins; with what its invocation answers. */
const crashes: readonly [name: string, source: string, errorType: string][] = [
  ['exits', `exports.handler = async () => process.exit(1);`, 'Runtime.ExitError'],
  [
    'exits-later',
    `setInterval(() => process.exit(7), 20); exports.handler = () => new Promise(() => {});`,
    'Runtime.ExitError',
  ],
  ['fails-to-load', `throw new TypeError('no');`, 'TypeError'],
  ['does-not-parse', `exports.handler = (`, 'Runtime.UserCodeSyntaxError'],
  ['loops', `exports.handler = () => { for (;;); };`, 'Sandbox.Timedout'],
  ['loops-at-load', `for (;;);`, 'Sandbox.Timedout'],
  ['hangs', `exports.handler = () => new Promise(() => {});`, 'Sandbox.Timedout'],
  [
    'hungry',
    `exports.handler = () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };`,
    'Runtime.OutOfMemory',
  ],
  [
    'rejects-aside',
    `exports.handler = () => { Promise.reject(new Error('aside')); return new Promise(() => {}); };`,
    'Runtime.UnhandledPromiseRejection',
  ],
];

it(
  '[lambda.crash-loop] functions that crash again and again do not stop the others',
  { timeout: 120_000 },
  async () => {
    for (const [name, source, errorType] of crashes) {
      // Only what never ends is to meet its limit: on a busy machine the others may need a while.
      const Timeout = errorType === 'Sandbox.Timedout' ? 1 : 30;
      await functions.deploy(name, source, { Timeout, MemorySize: 128 });
    }
    await functions.deploy('fine', `let calls = 0; exports.handler = async () => ++calls;`, { Timeout: 30 });
    // Each crashes in every place that there is, and each is invoked again as soon as it has crashed.
    let isOver = false;
    const seen = new Map<string, Set<string>>(crashes.map(([name]) => [name, new Set()]));
    const crashing = crashes.map(async ([name]) => {
      do {
        // What a function failed with is an object with its type.
        const { payload } = await functions.invoke(name);
        seen.get(name)?.add((payload as { errorType: string }).errorType);
      } while (!isOver);
    });
    const answers: unknown[] = [];
    for (let call = 0; call < 3; call++) answers.push((await functions.invoke('fine')).payload);
    isOver = true;
    await Promise.all(crashing);
    expect(answers).toHaveLength(3);
    expect(answers.every((answer) => typeof answer === 'number')).toBe(true);
    expect(Object.fromEntries([...seen].map(([name, types]) => [name, [...types]]))).toEqual(
      Object.fromEntries(crashes.map(([name, , type]) => [name, [type]])),
    );
    expect((await functions.invoke('fine')).functionError).toBeUndefined();
  },
);
