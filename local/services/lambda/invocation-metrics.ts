import type { ServiceMetric } from '../service-module.ts';
import type { Invocation } from './invocation-request.ts';
import type { InvocationResult } from './invocation-result.ts';

/** What CloudWatch hears of an invocation that ran. Durations are real. */
export function invocationMetrics(
  invocation: Invocation,
  { functionError }: Pick<InvocationResult, 'functionError'>,
  durationMs: number,
): ServiceMetric[] {
  const values = { Invocations: 1, Errors: functionError ? 1 : 0, Throttles: 0, Duration: Math.round(durationMs) };
  return metricsOf(invocation, values);
}

/** What CloudWatch hears of an invocation for which there was no place. */
export function throttleMetrics(invocation: Invocation): ServiceMetric[] {
  return metricsOf(invocation, { Throttles: 1 });
}

/** By function, and by alias or version where one was named. */
function metricsOf({ target }: Invocation, values: Readonly<Record<string, number>>): ServiceMetric[] {
  const [, , , , , , name = target.name, qualifier] = target.invokedArn.split(':');
  const byFunction = { FunctionName: name };
  const all =
    qualifier === undefined ? [byFunction] : [byFunction, { ...byFunction, Resource: `${name}:${qualifier}` }];
  return all.flatMap((dimensions) =>
    Object.entries(values).map(([metric, value]) => ({ namespace: 'AWS/Lambda', name: metric, dimensions, value })),
  );
}
