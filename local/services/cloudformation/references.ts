import { isJsonObject, type Json } from '../../json.ts';
import type { Template } from '../../template/template.ts';
import { validationError } from './errors.ts';

/** @throws AwsError ValidationError for references to what the template does not have */
export function checkReferences(template: Template): void {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
  const resources = Object.values(template.Resources).flatMap(({ Properties: properties, DependsOn: needed }) => [
    ...namesIn(properties),
    ...[needed].flat(),
  ]);
  refuseUnknown(resources, known, 'Resources');
  const outputs = Object.values(template.Outputs).flatMap(({ Value: value }) => namesIn(value));
  refuseUnknown(outputs, known, 'Outputs');
}

function refuseUnknown(names: readonly string[], known: ReadonlySet<string>, block: string): void {
  const unknown = new Set(names.filter((name) => !known.has(name) && !name.startsWith('AWS::')));
  if (unknown.size === 0) return;
  const list = [...unknown].join(', ');
  throw validationError(
    `Template format error: Unresolved resource dependencies [${list}] in the ${block} block of the template`,
  );
}

function namesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap((element) => namesIn(element));
  if (!isJsonObject(value)) return [];
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value;
  const owner = Array.isArray(attribute) ? attribute[0] : attribute;
  return [
    ...(typeof ref === 'string' ? [ref] : []),
    ...(typeof owner === 'string' ? [owner.split('.')[0] ?? owner] : []),
    ...namesInText(text),
    ...Object.values(value).flatMap((member) => namesIn(member)),
  ];
}

/** The names of `Fn::Sub` but those of its own map. */
function namesInText(argument: Json | undefined): string[] {
  const [text, own] = Array.isArray(argument) ? argument : [argument];
  if (typeof text !== 'string') return [];
  const mapped = isJsonObject(own) ? own : {};
  const names = [...text.matchAll(/\$\{(?!!)([^}]*)\}/g)].map(([, name = '']) => name.trim());
  return names.filter((name) => !Object.hasOwn(mapped, name)).map((name) => name.split('.')[0] ?? name);
}
