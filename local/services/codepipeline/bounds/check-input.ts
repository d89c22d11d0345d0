import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../../errors.ts';
import { members } from './members.ts';
import { shapes, type Bounds } from './shapes.ts';

/** A structure's runtime schema, as the SDK client exports it with a `$` at its name's end. */
export type StructureSchema = Parameters<typeof NormalizedSchema.of>[0];

/**
 * Checks an operation's input against the published model: required members, lengths, ranges, patterns, enumerations.
 * All violations are told at once, in the service's own words.
 * @throws AwsError `ValidationException`
 */
export function checkInput(schema: StructureSchema, input: object): void {
  const violations: string[] = [];
  checkStructure(NormalizedSchema.of(schema), input, { path: '', violations });
  if (violations.length === 0) return;
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  throw new AwsError('ValidationException', `${count} detected: ${violations.join('; ')}`);
}

interface Place {
  /** As the service writes it: `pipeline.stages.1.member.name`. */
  readonly path: string;
  readonly violations: string[];
}

function checkStructure(schema: NormalizedSchema, value: object, place: Place): void {
  const structure = schema.getName() ?? '';
  const given = new Map<string, unknown>(Object.entries(value));
  for (const name of requiredMembers(schema)) {
    if (given.get(name) === undefined || given.get(name) === null) violate(inside(place, name), 'null', 'not be null');
  }
  for (const [name, member] of schema.structIterator()) {
    const found = given.get(name);
    if (found === undefined || found === null) continue;
    checkMember(member, found, { structure, name, place: inside(place, name) });
  }
}

/** The first so many members of a structure's static schema are the required ones; the class does not tell them. */
function requiredMembers(schema: NormalizedSchema): readonly string[] {
  const raw: unknown = schema.getSchema();
  if (!Array.isArray(raw)) return [];
  const [names, count]: unknown[] = [raw[4], raw[6]];
  return Array.isArray(names) && typeof count === 'number' ? names.slice(0, count).map(String) : [];
}

interface Member {
  readonly structure: string;
  /** The member's name, with `[]`, `{key}` or `{value}` behind it for what it holds. */
  readonly name: string;
  readonly place: Place;
}

function checkMember(schema: NormalizedSchema, value: unknown, member: Member): void {
  const shape = members[member.structure]?.[member.name];
  if (shape) checkBounds(shapes[shape], value, member.place);
  if (schema.isStructSchema() && isObject(value)) checkStructure(schema, value, member.place);
  else if (schema.isListSchema() && Array.isArray(value)) checkList(schema, value, member);
  else if (schema.isMapSchema() && isObject(value)) checkMap(schema, value, member);
}

function checkList(schema: NormalizedSchema, values: readonly unknown[], { structure, name, place }: Member): void {
  values.forEach((value, index) => {
    const element = { structure, name: `${name}[]`, place: inside(place, `${index + 1}.member`) };
    checkMember(schema.getValueSchema(), value, element);
  });
}

function checkMap(schema: NormalizedSchema, map: object, { structure, name, place }: Member): void {
  for (const [key, value] of Object.entries(map)) {
    checkMember(schema.getKeySchema(), key, { structure, name: `${name}{key}`, place });
    checkMember(schema.getValueSchema(), value, {
      structure,
      name: `${name}{value}`,
      place: inside(place, `${key}.member`),
    });
  }
}

function checkBounds(bounds: Bounds, value: unknown, place: Place): void {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const size = sizeOf(value);
  const what = typeof value === 'number' ? 'value' : 'length';
  if (bounds.min !== undefined && size < bounds.min) {
    violate(place, shown, `have ${what} greater than or equal to ${bounds.min}`);
  }
  if (bounds.max !== undefined && size > bounds.max) {
    violate(place, shown, `have ${what} less than or equal to ${bounds.max}`);
  }
  if (bounds.pattern !== undefined && !wholePattern(bounds.pattern).test(String(value))) {
    violate(place, shown, `satisfy regular expression pattern: ${bounds.pattern}`);
  }
  if (bounds.allowed && !bounds.allowed.includes(String(value))) {
    violate(place, shown, `satisfy enum value set: [${bounds.allowed.join(', ')}]`);
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

const patterns = new Map<string, RegExp>();

function wholePattern(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known) return known;
  const compiled = new RegExp(`^(?:${pattern})$`);
  patterns.set(pattern, compiled);
  return compiled;
}

function violate(place: Place, shown: string, constraint: string): void {
  const cut = shown.length > 100 ? `${shown.slice(0, 100)}…` : shown;
  const value = shown === 'null' ? 'Value null' : `Value '${cut}'`;
  place.violations.push(`${value} at '${place.path}' failed to satisfy constraint: Member must ${constraint}`);
}

function inside({ path, violations }: Place, step: string): Place {
  return { path: path === '' ? step : `${path}.${step}`, violations };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
