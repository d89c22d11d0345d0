import { isJsonObject, type Json } from '../../json.ts';
import { invalidDefinition } from './errors.ts';
import { operatorNames } from './jsonpath/choice-rule.ts';
import { parsePath } from './jsonpath/path.ts';
import { problemOf } from './jsonpath/template.ts';

/** Fields that only states in JSONata have. */
const jsonataOnly = ['Arguments', 'Output', 'Items'];
/** Fields that only states in JSONPath have, beside those whose names end in `Path`. */
const jsonpathOnly = ['Parameters', 'ResultSelector', 'Result', 'Iterator'];
const templates = ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign'];

/** @throws AwsError `InvalidDefinition` for a field that the state's query language does not have */
export function checkFieldsOf(language: 'JSONata' | 'JSONPath', state: object, place: string): void {
  const wrong = Object.keys(state).find((field) =>
    language === 'JSONPath' ? jsonataOnly.includes(field) : field.endsWith('Path') || jsonpathOnly.includes(field),
  );
  if (wrong === undefined) return;
  throw invalidDefinition(
    `SCHEMA_VALIDATION_FAILED: Field is not supported: ${wrong} (the query language is ${language})`,
    place,
  );
}

/**
 * Checks every path, payload template and Choice rule of a state in JSONPath.
 * @throws AwsError `InvalidDefinition`
 */
export function checkPaths(state: object, place: string): void {
  const fields: Record<string, Json | undefined> = { ...state };
  for (const [name, value] of Object.entries(fields)) {
    if (name.endsWith('Path') && typeof value === 'string') checkPath(name, value, `${place}/${name}`);
    if (templates.includes(name) && value !== undefined) checkTemplate(value, `${place}/${name}`);
  }
  for (const [index, each] of list(fields['Catch']).entries()) checkPaths(each, `${place}/Catch[${index}]`);
  for (const [index, each] of list(fields['Choices']).entries()) {
    checkRule(each, `${place}/Choices[${index}]`);
    if (each['Assign'] !== undefined) checkTemplate(each['Assign'], `${place}/Choices[${index}]/Assign`);
  }
}

function list(value: Json | undefined): { [key: string]: Json }[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function checkPath(name: string, text: string, at: string): void {
  const isReference = name === 'ResultPath';
  const problem = problemOf(text);
  if (problem !== undefined)
    throw invalidDefinition(`SCHEMA_VALIDATION_FAILED: Value is not a valid path: ${problem}`, at);
  if (!isReference) return;
  const isAllowed = !text.startsWith('States.') && parsePath(text).root === '$' && parsePath(text).isDefinite;
  if (!isAllowed) throw invalidDefinition('SCHEMA_VALIDATION_FAILED: Value is not a Reference Path', at);
}

function checkTemplate(value: Json, at: string): void {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) checkTemplate(item, `${at}[${index}]`);
  if (!isJsonObject(value)) return;
  for (const [key, member] of Object.entries(value)) {
    if (!key.endsWith('.$')) checkTemplate(member, `${at}/${key}`);
    else {
      const problem = typeof member === 'string' ? problemOf(member) : 'it must be a string';
      if (problem !== undefined) {
        throw invalidDefinition(
          `SCHEMA_VALIDATION_FAILED: The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call: ${problem}`,
          `${at}/${key}`,
        );
      }
    }
  }
}

function checkRule(rule: { [key: string]: Json }, at: string): void {
  for (const group of ['And', 'Or'] as const) {
    for (const [index, each] of list(rule[group]).entries()) checkNestedRule(each, `${at}/${group}[${index}]`);
  }
  if (isJsonObject(rule['Not'])) return checkNestedRule(rule['Not'], `${at}/Not`);
  if (rule['And'] !== undefined || rule['Or'] !== undefined) return;
  const operators = Object.keys(rule).filter((key) => operatorNames.includes(key));
  if (operators.length !== 1 || typeof rule['Variable'] !== 'string') {
    throw invalidDefinition('SCHEMA_VALIDATION_FAILED: a Choice rule needs Variable and exactly one comparison', at);
  }
  checkPath('Variable', rule['Variable'], `${at}/Variable`);
  const operand = rule[operators[0] ?? ''];
  if (operators[0]?.endsWith('Path')) checkPath('operand', String(operand), `${at}/${operators[0]}`);
}

/** Only a whole rule says where to go. */
function checkNestedRule(rule: { [key: string]: Json }, at: string): void {
  if (rule['Next'] !== undefined) throw invalidDefinition('SCHEMA_VALIDATION_FAILED: Field is not supported: Next', at);
  checkRule(rule, at);
}
