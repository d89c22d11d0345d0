import { allow, type SlipwayFunction } from '../constructs/function.ts';
import { Machine } from '../constructs/machine.ts';
import { DeliveryRule } from '../constructs/rule.ts';
import type { Foundation } from './foundation.ts';

/** The workflow of a release, which a request on the bus starts, and the functions that it calls. */
export function runReleases(on: Foundation): void {
  const { stack, data, bus, alarms, deadEvents, releaseMachine } = on;
  const arns = Object.fromEntries(Object.entries(taskFunctions(on)).map(([name, task]) => [name, task.functionArn]));
  const release = new Machine(stack, 'Release', {
    name: releaseMachine.name,
    file: 'release.asl.json',
    description: 'One release, from its request to its outcome',
    substitutions: { TableName: data.table.tableName, ...arns },
    permissions: [
      allow(['lambda:InvokeFunction'], Object.values(arns)),
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [data.table.tableArn]),
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [data.key.keyArn]),
    ],
  });
  new DeliveryRule(stack, 'StartRelease', {
    bus,
    description: 'Starts the release workflow',
    pattern: { source: ['slipway'], detailType: ['release.requested'] },
    target: { kind: 'machine', machine: release },
    inputPath: '$.detail',
    deadLetters: deadEvents,
  });
  alarms.onMachine('Release', release.machine);
}

/** By the name under which the workflow's file calls them. */
function taskFunctions({ environments, grants, makeFunction }: Foundation): Record<string, SlipwayFunction> {
  const { publish, readServices, resumeReleases, useTable } = grants;
  const withBus = { ...environments.table, ...environments.bus };
  const withServices = { ...withBus, ...environments.services };
  return {
    RequestFunctionArn: makeFunction(
      'releases-request',
      'Records a request and alone decides whether it is a duplicate',
      { environment: environments.table, permissions: useTable },
    ),
    PlanFunctionArn: makeFunction('releases-plan', 'Plans a release from the facts', {
      environment: withServices,
      permissions: [...useTable, ...readServices, ...publish],
    }),
    AcquireSlotFunctionArn: makeFunction('releases-acquire-slot', "Leases a service's slot, first in, first out", {
      environment: withBus,
      permissions: [...useTable, ...publish],
    }),
    LaunchFunctionArn: makeFunction('releases-launch', 'Starts the pipeline and records its execution', {
      environment: withServices,
      permissions: [...useTable, ...readServices, ...publish, resumeReleases],
    }),
    FinishFunctionArn: makeFunction('releases-finish', 'Records the outcome and frees the slot', {
      environment: withBus,
      permissions: [...useTable, ...publish, resumeReleases],
    }),
  };
}
