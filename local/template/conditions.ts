import type { Json } from '../json.ts';
import type { Site } from './scope.ts';

type ConditionFunction = (argument: Json, site: Site) => boolean;

/** The functions that only conditions use, by name. */
export const conditionFunctions: Readonly<Record<string, ConditionFunction | undefined>> = {
  'Fn::Equals': (argument, site) => {
    const [left, right] = operands(argument, site);
    return asText(left) === asText(right);
  },
  'Fn::And': (argument, site) => operands(argument, site).every((value) => isTrue(value, site)),
  'Fn::Or': (argument, site) => operands(argument, site).some((value) => isTrue(value, site)),
  'Fn::Not': (argument, site) => !isTrue(operands(argument, site)[0], site),
};

/** Whether the named condition of the template holds. */
export function evaluateCondition(name: string, site: Site): boolean {
  const condition = site.scope.conditions[name];
  if (condition === undefined) throw site.problem(`the template has no condition ${name}`);
  return isTrue(site.resolve(condition, `Conditions.${name}`), site);
}

function operands(argument: Json, site: Site): (Json | undefined)[] {
  if (!Array.isArray(argument)) throw site.problem('a condition function wants a list');
  return argument.map((value, index) => site.resolve(value, `[${index}]`));
}

function isTrue(value: Json | undefined, site: Site): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw site.problem(`a condition gave ${JSON.stringify(value)}, not true or false`);
}

/** CloudFormation compares scalars by their text. */
function asText(value: Json | undefined): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
