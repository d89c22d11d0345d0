import { LocalCloudError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { helperParts, recordedHelperPart } from './custom-resource/cdk-helpers.ts';
import { relocate, recordingLocator, type AssetLocator } from './asset-locator.ts';
import type { StackTemplate } from './assembly.ts';
import type { CloudReader } from './cloud-reader.ts';
import { dropResource, keptOutcome } from './drop-resource.ts';
import { resolveDynamicReferences } from './dynamic-references.ts';
import { resolveIntrinsics, resolveProperties } from './intrinsics.ts';
import { stackIdOf } from './names.ts';
import type { Outcome } from './outcome.ts';
import { readParameters } from './parameters.ts';
import { decideChange, planStack, type Change, type ResourceTypes } from './plan.ts';
import type { Records, StackOutputs } from './records.ts';
import type { RecordedResource } from './recorded-resource.ts';
import type { Provisioned, ResourceType } from './resource.ts';
import { resourceContext } from './resource-context.ts';
import { naming } from './resource-failure.ts';
import type { KnownResource, Scope } from './scope.ts';
import type { TemplateResource } from './template.ts';

/** What happens to one resource: told before it happens and when it has. What fails is told by the error. */
export interface ResourceProgress {
  readonly logicalId: string;
  readonly type: string;
  readonly change: Change | 'delete';
  readonly isDone: boolean;
  readonly physicalId?: string;
}

/** What applying one stack needs beside the stack. */
export interface StackSurroundings {
  readonly types: ResourceTypes;
  /** Answers SSM-typed parameters and dynamic references. */
  readonly reader: CloudReader;
  readonly account: string;
  readonly region: string;
  /** The cloud's endpoint; without it no URL is looked at. */
  readonly endpoint?: string;
  readonly records: Records;
  readonly locate: AssetLocator;
  /** Grows with each stack's exports. */
  readonly exported: Map<string, Json>;
  /** The stack's id where it is not the one made from its name. */
  readonly stackId?: string;
  /** Told of each resource that changes. */
  readonly onProgress?: (progress: ResourceProgress) => void;
}

/** Creates, updates and replaces the resources of one stack, and records its outputs. Deletes nothing yet. */
export async function applyStack(stack: StackTemplate, around: StackSurroundings): Promise<Outcome[]> {
  const made = new Map<string, RecordedResource>();
  const scope = await stackScope(stack, around, made);
  const resources = wantedResources(stack, scope);
  const recorded = around.records.resources(stack.name);
  const plan = planStack(stack.name, resources, recorded, around.types);
  const helpers = helperParts(resources);
  const outcomes: Outcome[] = [];
  for (const [position, logicalId] of plan.order.entries()) {
    const resource = resources[logicalId];
    if (!resource) continue;
    const before = recorded.find((known) => known.logicalId === logicalId);
    const isHelper = helpers.has(logicalId);
    const type = isHelper ? recordedHelperPart(resource.Type, around) : around.types.get(resource.Type);
    if (!type) throw new LocalCloudError(`stack ${stack.name}, ${logicalId}: no resource type ${resource.Type}`);
    const step = { stackName: stack.name, logicalId, type, resource, before, position };
    const { after, did } = await applyResource(step, scope, around);
    made.set(logicalId, after);
    outcomes.push(outcomeOf(after, did, type));
    if (before && did === 'replace' && isRetained(resource)) outcomes.push(keptOutcome(before));
  }
  // What is dropped last is deleted first, and that is what was made last.
  for (const gone of plan.removed.toReversed()) outcomes.push(...dropResource(gone, around.records));
  const outputs = outputsOf(stack, scope);
  for (const [name, value] of Object.entries(outputs.exports)) around.exported.set(name, value);
  around.records.saveOutputs(stack.name, outputs);
  return outcomes;
}

function outcomeOf({ stackName, logicalId }: RecordedResource, did: Change, type: ResourceType): Outcome {
  const { recordedOnly = false, recordedBecause: because } = type;
  return { stackName, logicalId, type: type.type, did, recordedOnly, ...(because !== undefined && { because }) };
}

interface Step {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: ResourceType;
  readonly resource: TemplateResource;
  readonly before: RecordedResource | undefined;
  readonly position: number;
}

async function applyResource(
  step: Step,
  scope: Scope,
  around: StackSurroundings,
): Promise<{ after: RecordedResource; did: Change }> {
  const { stackName, logicalId, type, resource, before, position } = step;
  const properties = resolveProperties(resource.Properties, scope, logicalId);
  const assets = relocate(before?.assets ?? {}, around.locate);
  const decided = decideChange(before, {
    type,
    properties,
    assets,
    ...(around.endpoint !== undefined && { endpoint: around.endpoint }),
  });
  const generation = (before?.generation ?? 0) + (decided === 'replace' ? 1 : 0);
  const known = { stackName, logicalId, type: type.type, generation, properties };
  const progress = { logicalId, type: type.type, change: decided };
  if (decided !== 'unchanged') {
    const { physicalId } = before ?? {};
    around.onProgress?.({ ...progress, isDone: false, ...(physicalId !== undefined && { physicalId }) });
  }
  const provisioned = await naming(known, () => provision(decided, type, { ...known, before }, around));
  const after: RecordedResource = { ...known, ...provisioned, deletionPolicy: resource.DeletionPolicy };
  const isRenamed = type.namedByAnswer === true && decided === 'update' && before?.physicalId !== after.physicalId;
  const did = isRenamed ? 'replace' : decided;
  const replaced = did === 'replace' && !isRetained(resource) ? before : undefined;
  around.records.save(after, position, replaced);
  if (did !== 'unchanged')
    around.onProgress?.({ ...progress, change: did, isDone: true, physicalId: after.physicalId });
  return { after, did };
}

/** Whether what this resource takes the place of is kept. */
function isRetained(resource: TemplateResource): boolean {
  return resource.UpdateReplacePolicy !== 'Delete';
}

interface Provisioning {
  readonly stackName: string;
  readonly logicalId: string;
  readonly generation: number;
  readonly properties: JsonObject;
  readonly before: RecordedResource | undefined;
}

async function provision(
  change: Change,
  type: ResourceType,
  wanted: Provisioning,
  around: StackSurroundings,
): Promise<Pick<RecordedResource, 'physicalId' | 'attributes' | 'assets'>> {
  const { before } = wanted;
  if (before && change === 'unchanged') return before;
  const assets = recordingLocator(around.locate);
  const context = {
    ...resourceContext(wanted, around, assets.assetPath),
    ...(before && { propertiesBefore: before.properties }),
  };
  const where = `stack ${wanted.stackName}, ${wanted.logicalId}.Properties`;
  const properties = await resolveDynamicReferences(wanted.properties, where, around.reader);
  const provisioned: Provisioned =
    before && change === 'update'
      ? await type.update(before, properties, context)
      : await type.create(properties, context);
  const { physicalId, attributes } = provisioned;
  return { physicalId, attributes, assets: assets.asked };
}

/** What the intrinsics of a stack see; `made` grows as its resources are made. */
export async function stackScope(
  stack: StackTemplate,
  around: Omit<StackSurroundings, 'locate'>,
  made: ReadonlyMap<string, KnownResource>,
): Promise<Scope> {
  return {
    stackName: stack.name,
    account: around.account,
    region: around.region,
    stackId: around.stackId ?? stackIdOf(stack.name, around.account, around.region),
    parameters: await readParameters(stack, around.reader),
    mappings: stack.template.Mappings,
    conditions: stack.template.Conditions,
    resource: (logicalId) => made.get(logicalId),
    exported: (name) => around.exported.get(name),
  };
}

/** The resources of a template whose conditions hold. */
export function wantedResources(stack: StackTemplate, scope: Scope): Record<string, TemplateResource> {
  const wanted = Object.entries(stack.template.Resources).filter(([logicalId, { Condition: condition }]) =>
    holds(condition, scope, logicalId),
  );
  return Object.fromEntries(wanted);
}

/** The outputs of a stack whose resources are made. */
export function outputsOf(stack: StackTemplate, scope: Scope): StackOutputs {
  const outputs: { values: Record<string, Json>; exports: Record<string, Json> } = { values: {}, exports: {} };
  for (const [name, output] of Object.entries(stack.template.Outputs)) {
    if (!holds(output.Condition, scope, `Outputs.${name}`)) continue;
    const value = resolveIntrinsics(output.Value, scope, `Outputs.${name}.Value`) ?? '';
    outputs.values[name] = value;
    if (!output.Export) continue;
    const exportName = String(resolveIntrinsics(output.Export.Name, scope, `Outputs.${name}.Export.Name`));
    outputs.exports[exportName] = value;
  }
  return outputs;
}

function holds(condition: string | undefined, scope: Scope, path: string): boolean {
  if (condition === undefined) return true;
  const value = scope.conditions[condition];
  if (value === undefined) {
    throw new LocalCloudError(`stack ${scope.stackName}, ${path}: the template has no condition ${condition}`);
  }
  const result = resolveIntrinsics(value, scope, `Conditions.${condition}`);
  return result === true || result === 'true';
}
