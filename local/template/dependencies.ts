import { LocalCloudError } from '../errors.ts';
import { isJsonObject, type Json } from '../json.ts';
import type { TemplateResource } from './template.ts';

/**
 * The logical ids of a stack, each after those it refers to or names in DependsOn; otherwise in the template's order.
 * @throws LocalCloudError naming the ids of a cycle
 */
export function orderResources(stackName: string, resources: Readonly<Record<string, TemplateResource>>): string[] {
  const ordered = new Set<string>();
  const visit = (logicalId: string, trail: readonly string[]): void => {
    if (ordered.has(logicalId)) return;
    if (trail.includes(logicalId)) {
      const cycle = [...trail.slice(trail.indexOf(logicalId)), logicalId].join(' -> ');
      throw new LocalCloudError(`stack ${stackName}: circular dependency between resources: ${cycle}`);
    }
    const resource = resources[logicalId];
    if (!resource) return;
    for (const needed of dependenciesOf(resource)) visit(needed, [...trail, logicalId]);
    ordered.add(logicalId);
  };
  for (const logicalId of Object.keys(resources)) visit(logicalId, []);
  return [...ordered];
}

/** Every name that a resource refers to: resources, parameters and pseudo parameters alike. */
function dependenciesOf(resource: TemplateResource): Set<string> {
  const names = new Set([resource.DependsOn].flat());
  collect(resource.Properties, names);
  return names;
}

function collect(value: Json, names: Set<string>): void {
  if (Array.isArray(value)) for (const element of value) collect(element, names);
  if (!isJsonObject(value)) return;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value;
  if (typeof ref === 'string') names.add(ref);
  const target = typeof attribute === 'string' ? attribute.split('.')[0] : Array.isArray(attribute) && attribute[0];
  if (typeof target === 'string') names.add(target);
  collectFromText(Array.isArray(text) ? text[0] : text, names);
  for (const member of Object.values(value)) collect(member, names);
}

function collectFromText(text: Json | undefined, names: Set<string>): void {
  if (typeof text !== 'string') return;
  for (const [, name = ''] of text.matchAll(/\$\{(?!!)([^}]*)\}/g)) names.add(name.trim().split('.')[0] ?? '');
}
