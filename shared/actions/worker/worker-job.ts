import { parseJson } from '../../parse-json.ts';
import { parametersProperty, type WorkOrder } from './work-order.ts';

/** A job as CodePipeline gives it to a worker; it holds credentials, and is never logged or stored. */
export interface WorkerJob {
  readonly id: string;
  readonly accountId: string | undefined;
  readonly configuration: Readonly<Record<string, string>>;
  readonly place: Readonly<Record<'pipeline' | 'pipelineExecutionId' | 'stage' | 'action', string>> | undefined;
  /** The rest of the job's data, as a Lambda action's event has it. */
  readonly data: object;
}

/** The event with which CodePipeline would invoke the action's function, so that the same runner runs it. */
export function eventOf({ id, accountId, configuration, place, data }: WorkerJob, order: WorkOrder): object {
  const actionConfiguration = {
    configuration: { UserParameters: writeUserParameters({ configuration, place }, order) },
  };
  const own = { id, isOfWorker: true, ...(accountId && { accountId }) };
  return { 'CodePipeline.job': { ...own, data: { ...data, actionConfiguration } } };
}

/**
 * The text that a Lambda action's pipeline would pass. What is written as JSON stands in it as it came: reading it here would
 * drop a name that a variable's text repeats, which the runner refuses.
 */
export function writeUserParameters(
  { configuration, place }: Pick<WorkerJob, 'configuration' | 'place'>,
  order: Pick<WorkOrder, 'parameters'>,
): string {
  const rest = configuration[parametersProperty] ?? '{}';
  const passed = parseJson(rest);
  // The runner refuses it, and says so.
  if (typeof passed !== 'object' || passed === null || Array.isArray(passed)) return rest;
  const members = [
    ...('parameters' in passed ? [] : [`"parameters":{${ownParameters(configuration, order).join()}}`]),
    rest.trim().slice(1, -1).trim(),
    ...(place ? [`"context":${JSON.stringify(place)}`] : []),
  ];
  return `{${members.filter((member) => member !== '').join()}}`;
}

function ownParameters(
  configuration: WorkerJob['configuration'],
  order: Pick<WorkOrder, 'parameters'>,
): readonly string[] {
  return Object.entries(order.parameters).flatMap(([name, kind]) => {
    const value = configuration[name];
    if (value === undefined) return [];
    // What is no JSON stays text, which the action's schema then refuses by the parameter's name.
    return `${JSON.stringify(name)}:${kind === 'json' && parseJson(value) !== undefined ? value : JSON.stringify(value)}`;
  });
}
