import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as schemas from '@aws-sdk/client-lambda';
import { defineService } from '../../gateway/service.ts';
import type { CloudContext, OpenService, ServiceModule } from '../service-module.ts';
import { aliasOperations } from './alias-operations.ts';
import { openAsyncEvents } from './async-events.ts';
import { openCodeStore } from './code.ts';
import { concurrencyOperations } from './concurrency-operations.ts';
import { describeOperations } from './describe-functions.ts';
import { openDestinations } from './destinations.ts';
import { openEventInvokeConfigs } from './event-invoke-configs.ts';
import { takesCallbacks } from './function-definition.ts';
import { functionEnvironment } from './function-environment.ts';
import { openFunctionLogs } from './function-logs.ts';
import { openFunctionPolicies } from './function-policies.ts';
import { openFunctionStore, type FunctionStore, type FunctionVersion } from './function-store.ts';
import { FunctionThread } from './function-thread.ts';
import type { InvocationTools } from './invocation.ts';
import { invokeOperation } from './invoke.ts';
import { functionPolicyOf, lambdaPermissions } from './permissions.ts';
import { eventInvokeConfigResource } from './resources/event-invoke-config.ts';
import { functionResource } from './resources/function.ts';
import { permissionResource } from './resources/permission.ts';
import { refusedResource } from './resources/refused.ts';
import { aliasResource, versionResource } from './resources/version-and-alias.ts';
import { versionOperations } from './version-operations.ts';
import { prepareThreadEntry } from './thread-entry.ts';
import { openThreadPool, type PoolLimits } from './thread-pool.ts';

/** What may be set for one cloud. */
export interface LambdaOptions extends PoolLimits {
  /** Lambda gives the first initialization 10 s. */
  readonly initLimitMs: number;
}

/** An idle thread with a bundle of the SDK takes 25 MB, and starts again in a quarter of a second. */
const defaults: LambdaOptions = {
  maxThreads: 24,
  maxIdleThreads: 6,
  idleGraceMs: 5_000,
  impatientThreads: availableParallelism(),
  initLimitMs: 10_000,
};

/** Lambda: functions in worker threads, each with its own environment, memory limit and deadline. */
export const openLambda: OpenService = (context) => openLambdaWith(context, defaults);

/** `openLambda` with other limits. */
export function openLambdaWith(context: CloudContext, options: LambdaOptions): ServiceModule {
  const functions = openFunctionStore(context);
  const policies = openFunctionPolicies(context.store);
  const configs = openEventInvokeConfigs(context.store);
  const code = openCodeStore(join(context.folder, 'lambda', 'code'));
  const tools = openTools(context, options, functions);
  const destinations = openDestinations(context, configs);
  const events = openAsyncEvents({ context, functions, configs, destinations, tools });
  return {
    api: defineService<schemas.Lambda>({
      name: 'lambda',
      schemas,
      protocol: { kind: 'rest-json' },
      operations: {
        ...invokeOperation({ functions, tools, events }),
        ...describeOperations(functions, policies),
        ...versionOperations(functions),
        ...aliasOperations(functions),
        ...concurrencyOperations(functions),
      },
    }),
    permissions: lambdaPermissions(context),
    resourcePolicy: functionPolicyOf(policies),
    resources: [
      functionResource({ functions, code, retire: (revisionId) => tools.pool.retire(revisionId) }),
      versionResource(functions),
      aliasResource(functions),
      permissionResource(policies),
      eventInvokeConfigResource(configs),
      refusedResource('AWS::Lambda::EventSourceMapping'),
      refusedResource('AWS::Lambda::Url'),
      refusedResource('AWS::Lambda::LayerVersion'),
    ],
    // By now the template has been applied: what no version names is left over from earlier starts.
    start: () => code.keepOnly(new Set(functions.listVersions().map((version) => version.code.folder))),
    close: async () => {
      await tools.pool.close();
      tools.logs.close();
    },
  };
}

function openTools(context: CloudContext, options: LambdaOptions, functions: FunctionStore): InvocationTools {
  const entry = prepareThreadEntry(join(context.folder, 'lambda', 'runtime'));
  const logs = openFunctionLogs(context.folder);
  const tails = new Map<string, string[]>();
  const onLog = (functionName: string, requestId: string, text: string): void => {
    const message = text.replace(/\n$/, '');
    tails.get(requestId)?.push(message);
    logs.append(functionName, { at: new Date(context.clock.nowMs()).toISOString(), requestId, message });
  };
  const makeThread = (version: FunctionVersion): FunctionThread =>
    new FunctionThread({
      entry,
      start: {
        taskRoot: version.code.folder,
        handler: version.definition.Handler,
        endpoint: context.endpoint,
        runtimeFile: import.meta.filename,
        takesCallbacks: takesCallbacks(version.definition),
        logFormat: version.definition.LoggingConfig?.LogFormat ?? 'Text',
        ...(context.clock.mode.kind !== 'real' && { clock: context.clock.shared }),
      },
      environment: functionEnvironment(version, context),
      memoryMegabytes: version.definition.MemorySize,
      onLog: (requestId, text) => onLog(version.name, requestId, text),
    });
  return {
    pool: openThreadPool(options, makeThread, (name) => functions.reservedOf(name)),
    logs,
    clock: context.clock,
    initLimitMs: options.initLimitMs,
    tails,
    putMetrics: (data) => context.putMetrics(data),
  };
}
