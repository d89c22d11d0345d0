import type { ActionRecord } from '../records/actions.ts';
import type { ExecutionRecord } from '../records/executions.ts';
import type { Structure } from '../structure/structure.ts';

/** The variables that an action may refer to: by namespace, then by key. */
export type VariableScope = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A configuration with every reference replaced, or why that cannot be. */
export type Resolved =
  | { readonly ok: true; readonly configuration: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

/** What all values of an action's configuration may weigh together once resolved (User Guide, quotas). */
const maxResolvedBytes = 100 * 1024;

const reference = /#\{([^{}]*)\}/g;
const namespaceAndKey = /^([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)$/;

/** Replaces each `#{namespace.key}` of an action's configuration. */
export function resolveConfiguration(configuration: Readonly<Record<string, string>>, scope: VariableScope): Resolved {
  const problems: string[] = [];
  const resolve = (text: string): string =>
    text.replace(reference, (whole, inner: string) => {
      const [, namespace = '', key = ''] = namespaceAndKey.exec(inner) ?? [];
      const known = scope.get(namespace) ?? {};
      const value = Object.hasOwn(known, key) ? known[key] : undefined;
      if (value === undefined) problems.push(whole);
      return value ?? whole;
    });
  const resolved = Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key, resolve(value)]));
  if (problems.length > 0)
    return { ok: false, problem: `could not resolve the variable reference ${problems.join(', ')}` };
  const bytes = Object.values(resolved).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (bytes <= maxResolvedBytes) return { ok: true, configuration: resolved };
  return { ok: false, problem: `the resolved configuration has ${bytes} bytes, the limit is ${maxResolvedBytes}` };
}

/** The keys of one namespace that a text refers to. */
export function referencesTo(text: string, namespace: string): string[] {
  return [...text.matchAll(reference)]
    .map((match) => namespaceAndKey.exec(match[1] ?? ''))
    .flatMap((parts) => (parts?.[1] === namespace && parts[2] !== undefined ? [parts[2]] : []));
}

/**
 * What an action may refer to: the execution's id and variables, and the outputs of actions that are certain to have
 * run before it (in an earlier stage, or in its own with a lower run order).
 */
export function variableScope(
  structure: Structure,
  execution: ExecutionRecord,
  action: { stage: string; runOrder: number; done: readonly ActionRecord[] },
): VariableScope {
  const scope = new Map<string, Readonly<Record<string, string>>>([
    ['codepipeline', { PipelineExecutionId: execution.id }],
    ['variables', execution.variables],
  ]);
  for (const { stage, name, namespace } of actionsBefore(structure, action)) {
    const ran = action.done.findLast((record) => record.stage === stage && record.action === name);
    if (ran?.status === 'Succeeded') scope.set(namespace, ran.output.outputVariables ?? {});
  }
  return scope;
}

function actionsBefore(
  structure: Structure,
  { stage, runOrder }: { stage: string; runOrder: number },
): { stage: string; name: string; namespace: string }[] {
  const index = structure.stages.findIndex((candidate) => candidate.name === stage);
  return structure.stages.slice(0, index + 1).flatMap(({ name: of, actions }) =>
    actions.flatMap(({ name, namespace, runOrder: order }) => {
      const isBefore = of !== stage || order < runOrder;
      return isBefore && namespace !== undefined ? [{ stage: of, name, namespace }] : [];
    }),
  );
}
