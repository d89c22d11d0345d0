import type { ServiceMetric } from '../service-module.ts';
import { objectOf, type Target } from './find-target.ts';

/** What CloudWatch hears of a request: by API, by stage, and by route where the stage has detailed metrics. */
export function requestMetrics(target: Target, status: number): ServiceMetric[] {
  const { apiId, stage, route } = target;
  const byStage = { ApiId: apiId, Stage: stage.id };
  const isDetailed = objectOf(stage.properties['DefaultRouteSettings'])['DetailedMetricsEnabled'] === true;
  const [method, path] = route?.routeKey.split(' ') ?? [];
  const byRoute = isDetailed && method && path ? [{ ...byStage, Method: method, Resource: path }] : [];
  const isIn = (hundred: number): number => (Math.floor(status / 100) === hundred ? 1 : 0);
  const values = { Count: 1, '4xx': isIn(4), '5xx': isIn(5) };
  return [{ ApiId: apiId }, byStage, ...byRoute].flatMap((dimensions) =>
    Object.entries(values).map(([name, value]) => ({ namespace: 'AWS/ApiGateway', name, dimensions, value })),
  );
}
