import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import type { Diagnostic } from './errors.ts';

/** The payload templates of states in JSONPath, in which a path needs a field name that ends in `.$`. */
const templates = ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign'];
const looksLikePath = /^\$\$?(\.[A-Za-z_]|\[|$)|^States\.[A-Za-z0-9]+\(/;

/**
 * What ValidateStateMachineDefinition warns of: paths where only texts are read. It concerns JSONPath alone.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
 */
export function warningsOf(definition: JsonObject): Diagnostic[] {
  return definition['QueryLanguage'] === 'JSONata' ? [] : ofGroup(definition, '');
}

function ofGroup({ States }: JsonObject, at: string): Diagnostic[] {
  if (!isJsonObject(States)) return [];
  return Object.entries(States).flatMap(([name, state]) =>
    isJsonObject(state) && state['QueryLanguage'] !== 'JSONata' ? ofState(state, `${at}/States/${name}`) : [],
  );
}

function ofState(state: JsonObject, place: string): Diagnostic[] {
  const own = Object.entries(state).flatMap(([name, value]) => {
    const at = `${place}/${name}`;
    if (templates.includes(name)) return pathsIn(value, at).map((each) => noDollar(each));
    if (name === 'Result' && state['Type'] === 'Pass') return pathsIn(value, at).map((each) => staticResult(each));
    if (typeof value === 'string' && !name.endsWith('Path') && name !== 'Comment' && looksLikePath.test(value)) {
      return [noPath(at)];
    }
    return [];
  });
  const branches = Array.isArray(state['Branches']) ? state['Branches'] : [];
  const inner = [
    ...branches.map((branch, index) => [branch, `${place}/Branches[${index}]`] as const),
    [state['ItemProcessor'] ?? state['Iterator'] ?? null, `${place}/ItemProcessor`] as const,
  ];
  return [...own, ...inner.flatMap(([group, at]) => (isJsonObject(group) ? ofGroup(group, at) : []))];
}

/** The places of texts that look like a path or an intrinsic function. */
function pathsIn(value: Json, at: string): string[] {
  if (typeof value === 'string') return looksLikePath.test(value) && !at.endsWith('.$') ? [at] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => pathsIn(item, `${at}[${index}]`));
  return isJsonObject(value) ? Object.entries(value).flatMap(([key, item]) => pathsIn(item, `${at}/${key}`)) : [];
}

function noDollar(location: string): Diagnostic {
  return warning('NO_DOLLAR', 'No .$ on a field that appears to be a JSONPath or Intrinsic Function', location);
}

function noPath(location: string): Diagnostic {
  return warning('NO_PATH', "Field value looks like a path, but field name does not end with 'Path'", location);
}

function staticResult(location: string): Diagnostic {
  return warning('PASS_RESULT_IS_STATIC', 'Attempt to use a path in the result of a pass state', location);
}

function warning(code: string, message: string, location: string): Diagnostic {
  return { severity: 'WARNING', code, message, location };
}
