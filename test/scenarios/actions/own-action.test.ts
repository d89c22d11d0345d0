import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ActionFunction } from '../../../infra/public.ts';
import { actionPipeline, type ActionPipeline } from '../../support/action-pipeline.ts';
import { printLabels } from '../../support/own-actions/print-labels.ts';

const labels = Array.from({ length: 120 }, (_none, index) => `label ${index}`);

let pipeline: ActionPipeline;
beforeAll(async () => {
  pipeline = await actionPipeline({
    actions: [],
    stage: ({ slipway, stack }) => {
      new StringParameter(stack, 'Printer', { parameterName: '/printer', stringValue: 'inky 2026-01-05T09:05:00Z' });
      const own = new ActionFunction(stack, 'PrintLabels', {
        slipway,
        declaration: printLabels,
        entry: new URL('../../support/own-actions/print-labels.ts', import.meta.url),
      });
      return [
        own.action({ actionName: 'Print', labels, order: '#{codepipeline.PipelineExecutionId}' }),
        own.action({ actionName: 'Few', labels: ['one'], order: 'few', wait: 'poll' }),
      ];
    },
  });
});
afterAll(() => pipeline?.[Symbol.asyncDispose]());

/** The parameter in which the labels lie. */
async function storedParameters(): Promise<{ Name: string; Value: string }> {
  const found = await pipeline.cloud.call('ssm', 'GetParametersByPath', {
    Path: '/slipway/parameters',
    Recursive: true,
  });
  const { Parameters } = z
    .object({ Parameters: z.array(z.object({ Name: z.string(), Value: z.string() })).length(1) })
    .parse(found);
  return Parameters[0]!;
}

describe('an action of a project of its own', () => {
  it('waits for its event, and reads the parameters that were too long to be passed', async () => {
    const execution = await pipeline.start();
    await pipeline.cloud.advance('6m');
    expect(await pipeline.look(execution, 'Print')).toMatchObject({ status: 'InProgress' });
    await pipeline.cloud.call('events', 'PutEvents', {
      Entries: [
        {
          EventBusName: 'Slipway-Engine-Bus',
          Source: 'printer',
          DetailType: 'job.work-ended',
          Detail: JSON.stringify({ key: `order/${execution}` }),
        },
      ],
    });
    expect(await pipeline.untilEnded(execution, 'Print', '1s')).toEqual({
      status: 'Succeeded',
      summary: 'printed',
      error: undefined,
      outputs: { labelCount: '120', printer: 'inky' },
    });
    expect(await pipeline.look(execution, 'Few')).toMatchObject({ outputs: { labelCount: '1' } });
  });

  it('fails when its stored parameters were changed, and when they are gone', async () => {
    const { Name, Value } = await storedParameters();
    const changed = { Name, Value: Value.replace('label 7', 'label 8'), Overwrite: true };
    await pipeline.cloud.call('ssm', 'PutParameter', changed);
    expect(await pipeline.untilEnded(await pipeline.start(), 'Print')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringContaining('holds other parameters') },
    });
    await pipeline.cloud.call('ssm', 'DeleteParameter', { Name });
    expect(await pipeline.untilEnded(await pipeline.start(), 'Print')).toMatchObject({
      status: 'Failed',
      error: { code: 'ConfigurationError', message: expect.stringContaining('which is not there') },
    });
  });
});
