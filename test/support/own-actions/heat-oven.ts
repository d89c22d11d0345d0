import { DeleteParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { declareAction, implementAction, startJob, stillRunning } from '../../../shared/actions/public.ts';

/** An action whose work goes on until it is cancelled: an oven is hot while its parameter is there. */
export const heatOven = declareAction({
  id: 'heat-oven',
  description: 'Heats an oven for ever.',
  parameters: z.strictObject({ oven: z.string() }),
  state: z.strictObject({ oven: z.string() }),
  outputs: [],
  permissionsFor: (_parameters, { partition, region, account }) => [
    {
      actions: ['ssm:PutParameter', 'ssm:DeleteParameter'],
      resources: [`arn:${partition}:ssm:${region}:${account}:parameter/ovens/*`],
    },
  ],
  isIdempotent: true,
  mayWait: true,
});

export default implementAction(
  heatOven,
  async ({ parameters: { oven } }) => {
    await new SSMClient().send(
      new PutParameterCommand({ Name: `/ovens/${oven}`, Value: 'hot', Type: 'String', Overwrite: true }),
    );
    return startJob({ oven }, { until: { event: `oven/${oven}` }, summary: `oven ${oven} is hot` });
  },
  {
    check: async () => stillRunning({ summary: 'hot' }),
    async cancel({ state: { oven } }) {
      await new SSMClient().send(new DeleteParameterCommand({ Name: `/ovens/${oven}` }));
    },
  },
);
