import type { Json } from '../../json.ts';
import { parseJsonPath, readJsonPath } from './json-path.ts';

/** Names of variables that every template may use. */
export const predefinedVariables = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
] as const;

/** What a template may insert, by variable; a variable whose path found nothing is absent. */
export type Variables = ReadonlyMap<string, Json>;

const placeholder = /<([\w.\-]+)>/y;

/** The variables of an input paths map for one event. */
export function readVariables(paths: Readonly<Record<string, string>>, event: Json): Map<string, Json> {
  const variables = new Map<string, Json>();
  for (const [name, path] of Object.entries(paths)) {
    const value = readJsonPath(event, parseJsonPath(path) ?? []);
    if (value !== undefined) variables.set(name, value);
  }
  return variables;
}

/** The names that a template asks for. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(/<([\w.\-]+)>/g)].map(([, name = '']) => name);
}

/** The first variable that a template uses in the name of a member; values alone can be variables. */
export function variableInKey(template: string): string | undefined {
  for (const [key] of template.matchAll(/"(?:[^"\\]|\\.)*"(?=\s*:)/gs)) {
    const [name] = placeholdersOf(key);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** JSON without the white space between its parts, otherwise as it was written. */
export function minified(json: string): string {
  return json.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/gs, (_part, text: string | undefined) => text ?? '');
}

/**
 * Fills a template. Inside quotes a value is inserted as it is, unescaped; outside as JSON. A variable that was not
 * created leaves nothing inside quotes and an empty text outside (inferred: AWS publishes no example).
 */
export function fillTemplate(template: string, variables: Variables): string {
  let filled = '';
  let isInText = false;
  for (let at = 0; at < template.length; at += 1) {
    const character = template.charAt(at);
    placeholder.lastIndex = at;
    const [whole, name] = character === '<' ? (placeholder.exec(template) ?? []) : [];
    if (whole !== undefined && name !== undefined) {
      filled += isInText
        ? insideText(variables.get(name))
        : JSON.stringify(variables.has(name) ? variables.get(name) : '');
      at += whole.length - 1;
      continue;
    }
    filled += character;
    if (character === '\\' && isInText) filled += template.charAt(++at);
    else if (character === '"') isInText = !isInText;
  }
  return filled;
}

function insideText(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  // Objects and lists lose their quotes inside a text.
  return JSON.stringify(value).replaceAll('"', '');
}

/** Whether a filled template can be sent: JSON, or lines that are JSON texts. */
export function isValidTemplateOutput(text: string): boolean {
  return isJson(text) || text.split('\n').every((line) => line.trim().startsWith('"') && isJson(line));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
