import { ActionFailed } from '../result.ts';
import { annotate } from './annotate.ts';
import type { ShowMark } from './parameters.ts';

/** CloudWatch: a vertical line in the graphs of a dashboard, a value of a metric, or both. */
export const showInCloudWatch: ShowMark<'cloudwatch'> = async ({ dashboard, widget, metric }, mark, input) => {
  const { metrics } = input.gateways;
  if (dashboard !== undefined) {
    await input.once(`dashboard/${dashboard}`, {
      async make() {
        const annotated = annotate(await metrics.readDashboard(dashboard), mark, widget);
        if (annotated.kind === 'no-graph') throw noGraph(dashboard, widget);
        // The line itself says whether an earlier run has drawn it.
        if (annotated.kind === 'changed') await metrics.writeDashboard(dashboard, annotated.body);
      },
    });
  }
  if (metric) {
    const dimensions = { Service: mark.facts.service };
    await input.once('metric', { make: () => metrics.put({ ...metric, dimensions, at: mark.at }) });
  }
  return undefined;
};

function noGraph(dashboard: string, widget: string | undefined): ActionFailed {
  const which = widget === undefined ? '' : ` of the title "${widget}"`;
  return new ActionFailed('ConfigurationError', `dashboard ${dashboard} has no graph over time${which}; name another`);
}
