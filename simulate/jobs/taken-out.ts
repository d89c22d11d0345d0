import type { Caller } from './clients.ts';
import { readWorkflowName } from '../../shared/actions/runner/long-job.ts';

/** What may be taken out of what is shipped, to see that it is missed. */
export type TakenOut = 'redelivery guard' | 'workflow that takes over';

/** Calls of functions that do without it. */
export function takingOut(without: TakenOut | undefined, caller: Caller): Caller {
  if (without === 'redelivery guard')
    return (service, operation, input) => caller(service, operation, unguarded(input));
  if (without === undefined) return caller;
  return async (service, operation, input) => {
    const isTakeover =
      operation === 'StartExecution' && 'name' in input && readWorkflowName(String(input.name)).attempt > 1;
    return isTakeover ? {} : caller(service, operation, input);
  };
}

/** Without the guard no claim of a job is refused, as if a delivery did not look whether it is the first. */
function unguarded(input: object): object {
  const {
    Item: item,
    ConditionExpression: _,
    ExpressionAttributeNames: names,
    ...rest
  } = input as {
    readonly Item?: { readonly pk?: { readonly S?: string } };
    readonly ConditionExpression?: string;
    readonly ExpressionAttributeNames?: unknown;
  }; // a PutItem has these
  void names;
  return item?.pk?.S?.startsWith('job/') ? { Item: item, ...rest } : input;
}
