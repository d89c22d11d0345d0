import { ruleType, type RuleProvider } from './rule.ts';

type Comparison = (variable: string, value: string) => boolean;

const operators: Readonly<Record<string, Comparison>> = {
  EQ: (variable, value) => variable === value,
  NE: (variable, value) => variable !== value,
  CONTAINS: (variable, value) => variable.includes(value),
  // Java's Matcher.matches is for the whole text.
  MATCHES: (variable, value) => new RegExp(`^(?:${value})$`, 'u').test(variable),
};

/** VariableCheck: compares a variable with a value. Its regular expressions are Java's; here they are JavaScript's. */
export const variableCheck: RuleProvider = {
  type: ruleType('VariableCheck'),
  configuration: { Variable: 'required', Value: 'required', Operator: 'required' },
  check({ Operator: operator = '' }) {
    if (operator in operators) return undefined;
    return `must have an Operator of ${Object.keys(operators).join(', ')}, not '${operator}'`;
  },
  async evaluate({ configuration }) {
    const { Variable: variable = '', Value: value = '', Operator: operator = '' } = configuration;
    try {
      const holds = operators[operator]?.(variable, value) ?? false;
      if (holds) return { kind: 'succeeded', summary: `${variable} ${operator} ${value}` };
      return { kind: 'failed', code: 'JobFailed', message: `'${variable}' ${operator} '${value}' does not hold` };
    } catch (error) {
      const message = `'${value}' is no regular expression: ${error instanceof Error ? error.message : String(error)}`;
      return { kind: 'failed', code: 'ConfigurationError', message };
    }
  },
};
