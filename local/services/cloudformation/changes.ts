import { isDeepStrictEqual } from 'node:util';
import type { Change, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import type { Json, JsonObject } from '../../json.ts';
import { outputsOf, stackScope, wantedResources, type StackSurroundings } from '../../template/apply-stack.ts';
import type { StackTemplate } from '../../template/assembly.ts';
import { helperParts, recordedHelperPart } from '../../template/custom-resource/cdk-helpers.ts';
import { resolveProperties } from '../../template/intrinsics.ts';
import { decideChange, planStack, type Change as Decision } from '../../template/plan.ts';
import type { RecordedResource } from '../../template/recorded-resource.ts';
import type { ResourceType } from '../../template/resource.ts';
import type { KnownResource, Scope } from '../../template/scope.ts';

/** What a template would change of a stack. */
export interface StackChanges {
  readonly changes: readonly Change[];
  /** Whether the stack's outputs would be others. */
  readonly hasNewOutputs: boolean;
}

/** Stands for what is known only once a resource is made, in CloudFormation's spelling. */
const knownLater = '{{changeSet:KNOWN_AFTER_APPLY}}';

/**
 * Compares a template with what stands. Nothing is touched.
 * @throws LocalCloudError naming what the local cloud does not have
 */
export async function compareStack(
  stack: StackTemplate,
  around: Omit<StackSurroundings, 'locate'>,
): Promise<StackChanges> {
  const made = new Map<string, KnownResource>();
  const scope = await stackScope(stack, around, made);
  const resources = wantedResources(stack, scope);
  const recorded = around.records.resources(stack.name);
  const plan = planStack(stack.name, resources, recorded, around.types);
  const helpers = helperParts(resources);
  const changes: ResourceChange[] = [];
  for (const logicalId of plan.order) {
    const resource = resources[logicalId];
    if (!resource) continue;
    const type = helpers.has(logicalId) ? recordedHelperPart(resource.Type, around) : around.types.get(resource.Type);
    if (!type) continue; // planStack has refused those
    const before = recorded.find((known) => known.logicalId === logicalId);
    const properties = knownProperties(resource.Properties, scope, logicalId, made);
    const { change, known } = compareResource(logicalId, type, before, properties);
    made.set(logicalId, known);
    if (change) changes.push(change);
  }
  changes.push(...plan.removed.map(removal));
  return {
    changes: changes.map((change) => ({ Type: 'Resource', ResourceChange: change })),
    hasNewOutputs: !isDeepStrictEqual(outputsNow(stack, scope), around.records.outputs(stack.name)),
  };
}

/** Undefined if a function cannot take what is known later (a list that is not there yet). */
function knownProperties(
  properties: JsonObject,
  scope: Scope,
  logicalId: string,
  made: ReadonlyMap<string, KnownResource>,
): JsonObject | undefined {
  try {
    return resolveProperties(properties, scope, logicalId);
  } catch (error) {
    if ([...made.values()].some(({ physicalId }) => physicalId === knownLater)) return undefined;
    throw error;
  }
}

function compareResource(
  logicalId: string,
  type: ResourceType,
  before: RecordedResource | undefined,
  properties: JsonObject | undefined,
): { change?: ResourceChange; known: KnownResource } {
  const common = { LogicalResourceId: logicalId, ResourceType: type.type };
  const later = { type: type.type, physicalId: knownLater, attributes: attributesLater };
  if (!before) return { change: { ...common, Action: 'Add', Scope: [], Details: [] }, known: later };
  const { assets } = before;
  const decision: Decision = properties ? decideChange(before, { type, properties, assets }) : 'update';
  if (decision === 'unchanged') return { known: before };
  const details = properties ? detailsOf(before.properties, properties, type) : [];
  const isReplaced = decision === 'replace';
  const isMaybe = isReplaced && before.type === type.type && !details.some((detail) => isCertain(detail));
  return {
    change: {
      ...common,
      Action: 'Modify',
      PhysicalResourceId: before.physicalId,
      Replacement: isMaybe || !properties ? 'Conditional' : isReplaced ? 'True' : 'False',
      Scope: ['Properties'],
      Details: details,
      ...(isReplaced && { PolicyAction: 'ReplaceAndDelete' as const }),
    },
    known: isReplaced ? later : before,
  };
}

function detailsOf(before: JsonObject, after: JsonObject, type: ResourceType): ResourceChangeDetail[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({
      Target: {
        Attribute: 'Properties',
        Name: name,
        RequiresRecreation: type.replacedBy?.includes(name) ? 'Always' : 'Never',
      },
      Evaluation: isKnownLater(after[name]) ? 'Dynamic' : 'Static',
      ChangeSource: isKnownLater(after[name]) ? 'ResourceReference' : 'DirectModification',
    }));
}

function isCertain({ Target: target, Evaluation: evaluation }: ResourceChangeDetail): boolean {
  return target?.RequiresRecreation === 'Always' && evaluation === 'Static';
}

function isKnownLater(value: Json | undefined): boolean {
  return value !== undefined && JSON.stringify(value).includes(knownLater);
}

function removal({ logicalId, type, physicalId, deletionPolicy }: RecordedResource): ResourceChange {
  return {
    Action: 'Remove',
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    PolicyAction: deletionPolicy === 'Delete' ? 'Delete' : 'Retain',
    Scope: [],
    Details: [],
  };
}

function outputsNow(stack: StackTemplate, scope: Scope): unknown {
  try {
    return outputsOf(stack, scope);
  } catch {
    // An output of what is not made yet: it is new.
    return undefined;
  }
}

/** Has every attribute, known later. */
const attributesLater: Readonly<Record<string, Json>> = new Proxy<Record<string, Json>>({}, { get: () => knownLater });
