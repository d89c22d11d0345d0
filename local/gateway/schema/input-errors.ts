import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../errors.ts';
import type { ServiceApi } from '../service.ts';
import { serviceSchemas } from './service-schemas.ts';
import type { ValueProblem } from './check-value.ts';

/** The error that the service's protocol documents for an input that does not fit its schema. */
export function inputError(api: ServiceApi, input: NormalizedSchema, problems: readonly ValueProblem[]): AwsError {
  const mistyped = problems.find((problem) => problem.kind === 'type');
  if (mistyped) return new AwsError(codeOfMistyped(api, input, mistyped), describeMistyped(mistyped));
  const [first] = problems;
  if (serviceSchemas(api).isQueryCompatible) {
    return new AwsError(
      'MissingParameter',
      `The request must contain the parameter ${first ? first.path.join('.') : 'Action'}.`,
    );
  }
  return new AwsError(codeOfMissing(api, input, first), describeMissing(problems));
}

function codeOfMistyped(api: ServiceApi, input: NormalizedSchema, problem: ValueProblem): string {
  if (api.protocol.kind === 'query') return 'MalformedInput';
  if (api.protocol.kind === 'rest-xml') return isInBody(input, problem) ? 'MalformedXML' : 'InvalidArgument';
  return 'SerializationException';
}

function codeOfMissing(api: ServiceApi, input: NormalizedSchema, problem: ValueProblem | undefined): string {
  if (api.protocol.kind === 'query') return 'ValidationError';
  if (api.protocol.kind !== 'rest-xml') return 'ValidationException';
  return problem && isInBody(input, problem) ? 'MalformedXML' : 'InvalidRequest';
}

function isInBody(input: NormalizedSchema, problem: ValueProblem): boolean {
  const [top] = problem.path;
  if (top === undefined) return true;
  const { httpHeader, httpQuery, httpLabel, httpPrefixHeaders } = input.getMemberSchema(top).getMergedTraits();
  return !httpHeader && !httpQuery && !httpLabel && !httpPrefixHeaders;
}

function describeMistyped(problem: ValueProblem): string {
  const where = problem.path.length > 0 ? `'${spell(problem)}'` : 'the input';
  return `${where} must be ${problem.expected}, got ${problem.got}`;
}

function describeMissing(problems: readonly ValueProblem[]): string {
  const each = problems.map(
    (problem) => `Value null at '${spell(problem)}' failed to satisfy constraint: Member must not be null`,
  );
  return `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${each.join('; ')}`;
}

/** AWS spells members with a small first letter, and list positions as `.1.member`. */
function spell(problem: ValueProblem): string {
  return problem.path
    .map((part) => (/^\d+$/.test(part) ? `${part}.member` : part.charAt(0).toLowerCase() + part.slice(1)))
    .join('.');
}
