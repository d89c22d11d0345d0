import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { declareAction, implementAction, startJob, stillRunning, succeed } from '../../../shared/actions/public.ts';

/** An action of a project of its own, which waits for somebody else's work and calls the SDK itself. */
export const printLabels = declareAction({
  id: 'print-labels',
  description: 'Has a printer print labels.',
  parameters: z.strictObject({ labels: z.array(z.string()).min(1), order: z.string() }),
  state: z.strictObject({ order: z.string() }),
  outputs: ['labelCount', 'printer'],
  permissionsFor: (_parameters, { partition, region, account }) => [
    { actions: ['ssm:GetParameter'], resources: [`arn:${partition}:ssm:${region}:${account}:parameter/printer`] },
  ],
  isIdempotent: true,
  mayWait: true,
});

export default implementAction(
  printLabels,
  async ({ parameters: { order } }) =>
    startJob({ order }, { until: { event: `order/${order}` }, summary: `order ${order} is being printed` }),
  {
    async check({ parameters: { labels }, clock }) {
      const name = await new SSMClient().send(new GetParameterCommand({ Name: '/printer' }));
      const [printer = '', readyAt = ''] = name.Parameter?.Value?.split(' ') ?? [];
      if (clock.nowMs() < Date.parse(readyAt)) return stillRunning({ summary: 'the printer is busy' });
      return succeed({ outputs: { labelCount: String(labels.length), printer }, summary: 'printed' });
    },
  },
);
