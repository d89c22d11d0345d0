import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareAction, implementAction } from '../../../shared/actions/action.ts';
import { ActionFailed, succeed } from '../../../shared/actions/result.ts';
import { withStoredParameters, type StoredParameters } from '../../../shared/actions/runner/stored-parameters.ts';
import { actionBench } from '../../../shared/actions/testing/testing.ts';

const value = JSON.stringify({ allow: ['MIT', 'Apache-2.0'] });
const sha256 = createHash('sha256').update(value).digest('hex');
const name = '/slipway/parameters/licences/0123';
const stored = (text: string | undefined): StoredParameters => ({
  read: async (asked) => (asked === name ? text : undefined),
});
const pointing = (rest: object = {}): string => JSON.stringify({ parametersFrom: { name, sha256 }, ...rest });

describe('stored parameters', () => {
  it('stand beside those that came along, as if all had been passed', async () => {
    const text = await withStoredParameters(pointing({ parameters: { digest: 'sha256:1' } }), stored(value));
    expect(JSON.parse(String(text))).toEqual({ parameters: { allow: ['MIT', 'Apache-2.0'], digest: 'sha256:1' } });
  });

  it.each([undefined, 'no JSON', '7', 'null', '{"parameters":{"parametersFrom":1}}'])(
    'leave %s as it is',
    async (text) => {
      expect(await withStoredParameters(text, undefined)).toBe(text);
    },
  );

  it.each([
    ['are not there', pointing(), stored(undefined), /which is not there; deploy/],
    ['cannot be read by anybody', pointing(), undefined, /which is not there; deploy/],
    ['were changed', pointing(), stored(value.replace('MIT', 'GPL')), /holds other parameters than .* deployed with/],
    ['were changed by a blank', pointing(), stored(`${value} `), /holds other parameters/],
    ['are pointed at by something else', '{"parametersFrom":"there"}', stored(value), /must be \{ "name"/],
    ['came along as well', pointing({ parameters: { digest: '1', allow: ['GPL'] } }), stored(value), /"allow" twice/],
    ['have no hash', JSON.stringify({ parametersFrom: { name } }), stored(value), /must be \{ "name"/],
  ])('fail the action when they %s', async (_, text, store, problem) => {
    expect(await withStoredParameters(text, store)).toMatchObject({
      kind: 'failed',
      type: 'ConfigurationError',
      message: expect.stringMatching(problem),
    });
  });
});

describe('an action with stored parameters', () => {
  const licences = implementAction(
    declareAction({
      id: 'licences',
      description: 'Tells what is allowed.',
      parameters: z.strictObject({ allow: z.array(z.string()) }),
      outputs: ['allowed'],
    }),
    async ({ parameters: { allow } }) => succeed({ outputs: { allowed: allow.join() }, summary: 'told' }),
  );
  const run = async (storedParameters: StoredParameters) =>
    (await actionBench(licences, { storedParameters }).deliver({ userParameters: pointing() })).answers;

  it('is given them', async () => {
    expect(await run(stored(value))).toEqual([
      { jobId: expect.any(String), answer: expect.objectContaining({ outputs: { allowed: 'MIT,Apache-2.0' } }) },
    ]);
  });

  it('fails once when its role may not read them', async () => {
    const denied = { read: () => Promise.reject(new ActionFailed('PermissionError', 'may not read')) };
    expect(await run(denied)).toEqual([
      { jobId: expect.any(String), answer: { kind: 'failed', type: 'PermissionError', message: 'may not read' } },
    ]);
  });

  it('fails by the schema when what was stored does not fit, and shows none of it', async () => {
    const wrong = JSON.stringify({ allow: 'a secret word' });
    const answers = await (async () => {
      const hash = createHash('sha256').update(wrong).digest('hex');
      const userParameters = JSON.stringify({ parametersFrom: { name, sha256: hash } });
      return (await actionBench(licences, { storedParameters: stored(wrong) }).deliver({ userParameters })).answers;
    })();
    expect(answers).toEqual([
      {
        jobId: expect.any(String),
        answer: expect.objectContaining({ type: 'ConfigurationError', message: expect.stringContaining('.allow:') }),
      },
    ]);
    expect(JSON.stringify(answers)).not.toContain('secret word');
  });
});
