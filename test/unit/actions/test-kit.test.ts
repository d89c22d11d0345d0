import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  continueLater,
  declareAction,
  fail,
  implementAction,
  startJob,
  stillRunning,
  succeed,
} from '../../../shared/actions/public.ts';
import type { ActionInput } from '../../../shared/actions/action.ts';
import { actionBench, pipelineJob, testJobEvent } from '../../../shared/actions/testing/testing.ts';

/** Work elsewhere that a test moves by hand. */
function oven() {
  const work = { isDone: false, cancelCount: 0, checkCount: 0, isBroken: false };
  const bake = declareAction({
    id: 'bake-bread',
    description: 'Bakes.',
    parameters: z.strictObject({ loaves: z.number(), by: z.enum(['event', 'checks']).default('event') }),
    state: z.strictObject({ oven: z.string() }),
    outputs: ['loaves'],
    mayWait: true,
  });
  const action = implementAction(
    bake,
    async ({ parameters: { by } }) =>
      startJob(
        { oven: 'left' },
        {
          until:
            by === 'event' ? { event: 'oven/left' } : { checks: { firstSeconds: 10, backoffRate: 2, maxSeconds: 300 } },
          summary: 'baking',
        },
      ),
    {
      async check({ parameters: { loaves } }) {
        work.checkCount += 1;
        if (work.isBroken) throw new Error('the oven has no door');
        if (!work.isDone) return stillRunning({ summary: 'still baking' });
        return succeed({ outputs: { loaves: String(loaves) }, summary: 'baked' });
      },
      async cancel() {
        work.cancelCount += 1;
      },
    },
  );
  return { work, run: (by: 'event' | 'checks') => actionBench(action).start({ parameters: { loaves: 3, by } }) };
}

describe('the bench', () => {
  const bare = { id: 'bare', description: 'Has nothing.', parameters: z.strictObject({}), outputs: [] } as const;

  it.each([
    [
      'reads an artifact',
      async (input: ActionInput) => void (await input.artifacts.read()),
      'declares no input artifacts',
    ],
    [
      'uses a gateway',
      async ({ gateways }: ActionInput) => void gateways.secrets,
      "name it in the declaration's gateways",
    ],
  ])('gives an action that %s no more than its declaration asks for, as AWS does', async (_what, work, message) => {
    const action = implementAction(declareAction(bare), async (input) => {
      await work(input as ActionInput); // of any action
      return succeed({ summary: 'must not' });
    });
    const { result } = await actionBench(action).start({ inputs: { Source: { a: 'a' } } });
    expect(result).toMatchObject({ kind: 'failed', message: expect.stringContaining(message) });
  });

  it('lets no action wait that does not declare it', async () => {
    // What JavaScript lets through and the types do not.
    const waits = startJob(undefined, { until: { event: 'x' }, summary: '' }) as never;
    const action = implementAction(declareAction(bare), async () => waits);
    const { result } = await actionBench(action).start();
    expect(result).toMatchObject({ message: expect.stringContaining('must say mayWait') });
  });

  it('tells a gateway that the test forgot from one that the declaration forgot', async () => {
    const reading = declareAction({ ...bare, gateways: ['secrets'] });
    const action = implementAction(reading, async ({ gateways }) =>
      succeed({ summary: await gateways.secrets.read('x') }),
    );
    const { result } = await actionBench(action).start();
    expect(result).toMatchObject({ message: expect.stringContaining('give the test one') });
    const secrets = { read: async () => '' };
    expect(() =>
      actionBench(
        implementAction(declareAction(bare), async () => succeed({ summary: '' })),
        { gateways: { secrets } },
      ),
    ).toThrow('does not declare the gateway "secrets"');
  });
});

describe('an action that is started on the bench', () => {
  it('ends with the event that it waits for', async () => {
    const { work, run } = oven();
    const baking = await run('event');
    expect(baking.result).toBeUndefined();
    work.isDone = true;
    await baking.tell('oven/left');
    expect(baking.result).toMatchObject({ kind: 'succeeded', outputs: { loaves: '3' } });
    expect(baking.answers).toHaveLength(1);
  });

  it('is renewed through the hours, and has one result', async () => {
    const { work, run } = oven();
    const baking = await run('event');
    await baking.advance({ hours: 3 });
    expect(baking.result).toBeUndefined();
    expect(baking.answers.every(({ answer }) => answer.kind === 'continues')).toBe(true);
    expect(baking.answers.length).toBeGreaterThanOrEqual(11);
    expect(baking.answers.length).toBeLessThanOrEqual(13);
    work.isDone = true;
    await baking.tell('oven/left');
    await baking.advance({ minutes: 2 });
    expect(baking.answers.filter(({ answer }) => answer.kind !== 'continues')).toHaveLength(1);
    expect(baking.result).toMatchObject({ kind: 'succeeded' });
  });

  it('is checked with back-off', async () => {
    const { work, run } = oven();
    const baking = await run('checks');
    await baking.advance({ seconds: 9 });
    expect(work.checkCount).toBe(0);
    await baking.advance({ seconds: 1 });
    expect(work.checkCount).toBe(1);
    await baking.advance({ seconds: 20 });
    expect(work.checkCount).toBe(2);
    work.isDone = true;
    await baking.advance({ seconds: 40 });
    expect(baking.result).toMatchObject({ kind: 'succeeded' });
  });

  it('cancels its work when it is given up, and answers nothing any more', async () => {
    const { work, run } = oven();
    const baking = await run('event');
    await baking.giveUp();
    expect(work.cancelCount).toBe(1);
    await baking.advance({ hours: 1 });
    expect(baking).toMatchObject({ result: undefined, answers: [] });
  });

  it('tells the test that its check throws for ever', async () => {
    const { work, run } = oven();
    const baking = await run('checks');
    work.isBroken = true;
    await expect(
      (async () => {
        await baking.advance({ hours: 2 });
        return baking.result;
      })(),
    ).resolves.toMatchObject({ kind: 'failed', message: expect.stringContaining('no door') });
  });

  it('continues from job to job', async () => {
    const counting = implementAction(
      declareAction({
        id: 'counting',
        description: 'Counts.',
        parameters: z.strictObject({ to: z.number() }),
        state: z.number(),
        outputs: [],
      }),
      async ({ parameters: { to }, state = 0 }) =>
        state < to
          ? continueLater(state + 1, { seconds: 60, summary: `${state}` })
          : fail('JobFailed', 'counted to the end'),
    );
    const run = await actionBench(counting).start({ parameters: { to: 3 } });
    await run.advance({ minutes: 10 });
    expect(run.result).toMatchObject({ message: 'counted to the end' });
    expect(new Set(run.answers.map(({ jobId }) => jobId)).size).toBe(run.answers.length);
  });

  it('has no clock of the test beside its own', async () => {
    const action = implementAction(
      declareAction({ id: 'nothing', description: 'Nothing.', parameters: z.strictObject({}), outputs: [] }),
      async () => succeed({ outputs: {}, summary: 'nothing' }),
    );
    await expect(actionBench(action, { clock: { nowMs: () => 0 } }).start()).rejects.toThrow(
      'leave the option "clock"',
    );
  });
});

describe('the job of a pipeline', () => {
  const stored = JSON.stringify({ allow: ['MIT'] });
  const sha256 = createHash('sha256').update(stored).digest('hex');
  const template = {
    Resources: {
      Parameters: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/slipway/parameters/a', Value: stored } },
      Pipeline: {
        Type: 'AWS::CodePipeline::Pipeline',
        Properties: {
          Name: 'shop',
          Stages: [
            { Name: 'Source', Actions: [{ Name: 'Source', OutputArtifacts: [{ Name: 'Code' }] }] },
            {
              Name: 'Check',
              Actions: [
                {
                  Name: 'Licences',
                  InputArtifacts: [{ Name: 'Code' }],
                  OutputArtifacts: [{ Name: 'Report' }],
                  Configuration: {
                    UserParameters: {
                      'Fn::Join': [
                        '',
                        [
                          '{"parametersFrom":{"name":"/slipway/parameters/a","sha256":"',
                          sha256,
                          '"},"parameters":{"site":"',
                          { Ref: 'Site' },
                          '","digest":"#{Build.Digest}"}}',
                        ],
                      ],
                    },
                  },
                },
              ],
            },
          ],
        },
      },
    },
  };
  const licences = implementAction(
    declareAction({
      id: 'licences',
      description: 'Tells what it was given.',
      parameters: z.strictObject({ allow: z.array(z.string()), site: z.string(), digest: z.string() }),
      outputs: ['all'],
      inputArtifacts: { min: 1, max: 1 },
      outputArtifacts: { min: 0, max: 1 },
    }),
    async ({ parameters, artifacts }) =>
      succeed({
        outputs: { all: JSON.stringify([parameters, [...(await artifacts.read()).keys()]]) },
        summary: 'told',
      }),
  );
  const place = { stage: 'Check', action: 'Licences' };
  const known = { values: { Site: 'https://shop.example' }, variables: { 'Build.Digest': 'sha256:1' } };

  it('is what the action would be given, with artifacts and stored parameters', async () => {
    const job = pipelineJob(template, { ...place, ...known, inputs: { Code: { 'package-lock.json': '{}' } } });
    expect(testJobEvent(job)['CodePipeline.job'].data).toMatchObject({
      inputArtifacts: [{ name: 'Code' }],
      outputArtifacts: [{ name: 'Report' }],
    });
    const [{ answer } = { answer: undefined }] = (await actionBench(licences).deliver(job)).answers;
    expect(answer).toMatchObject({
      outputs: {
        all: JSON.stringify([
          { allow: ['MIT'], site: 'https://shop.example', digest: 'sha256:1' },
          ['package-lock.json'],
        ]),
      },
    });
  });

  it.each([
    [{ ...place, stage: 'Build', ...known }, 'there is no one stage Build in the template; it has: Source, Check'],
    [{ ...place, action: 'Lint', ...known }, 'there is no one action Lint in the template; it has: Licences'],
    [{ ...place, ...known, pipeline: 'store' }, 'there is no one pipeline store in the template; it has: shop'],
    [{ ...place, ...known, values: {} }, 'give it in values: { "Site": … }'],
    [{ ...place, ...known, variables: {} }, 'holds #{Build.Digest}, which a run resolves'],
  ])('is refused when the template does not say it: %o', (options, problem) => {
    expect(() => pipelineJob(template, options)).toThrow(problem);
  });
});
