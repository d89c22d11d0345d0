import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import { checkTarget } from './delivery/call-target.ts';
import type { EventsState } from './events-state.ts';
import {
  fillTemplate,
  isValidTemplateOutput,
  placeholdersOf,
  predefinedVariables,
  variableInKey,
} from './input-transformer.ts';
import { parseJsonPath } from './json-path.ts';
import type { Rule } from './rules.ts';

const maximumTargets = 5;

/** Adds or replaces targets of a rule. @throws AwsError ValidationException, LimitExceededException */
export function putTargets(rule: Rule, targets: readonly Target[], state: EventsState): void {
  for (const target of targets) checkOne(target);
  const ids = new Set([...state.rules.targets(rule.bus, rule.name), ...targets].map(({ Id: id }) => id));
  if (ids.size > maximumTargets) {
    throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
  }
  state.context.store.transaction(() => {
    for (const target of targets) state.rules.saveTarget(rule.bus, rule.name, target);
  });
}

const otherParameters = [
  'KinesisParameters',
  'RunCommandParameters',
  'EcsParameters',
  'BatchParameters',
  'HttpParameters',
  'RedshiftDataParameters',
  'SageMakerPipelineParameters',
  'AppSyncParameters',
] as const;

function checkOne(target: Target): void {
  const { Id: id = '', Arn: arn = '' } = target;
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(id)) throw invalid(`Parameter Id is not valid: ${id}`);
  if (!arn.startsWith('arn:'))
    throw invalid(`Parameter ${arn} is not valid. Reason: Provided Arn is not in correct format.`);
  const unsupported = otherParameters.find((name) => target[name] !== undefined);
  if (unsupported) throw notSupportedLocally(`${unsupported} of target ${id}`);
  if (!arn.includes(':event-bus/')) checkTarget(arn);
  if (/^arn:[\w-]+:(states|codepipeline):/.test(arn) && !target.RoleArn) {
    throw invalid(`RoleArn is required for target ${arn}.`);
  }
  checkInput(target);
  checkLimits(target);
}

function checkInput(target: Target): void {
  const { Id: id, Input: input, InputPath: path, InputTransformer: transformer } = target;
  if ([input, path, transformer].filter((value) => value !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  }
  if (input !== undefined && (input.length > 8192 || !isValidTemplateOutput(input))) {
    throw invalid(`JSON syntax error in input for target ${id}.`);
  }
  if (path !== undefined && !parseJsonPath(path)) throw invalid(`Invalid InputPath for target ${id}.`);
  if (transformer) checkTransformer(id ?? '', transformer);
}

function checkTransformer(id: string, transformer: NonNullable<Target['InputTransformer']>): void {
  const { InputPathsMap: paths = {}, InputTemplate: template = '' } = transformer;
  const names = Object.keys(paths);
  if (names.length > 100) throw invalid(`InputPathsMap for target ${id} has more than 100 entries.`);
  for (const [name, path] of Object.entries(paths)) {
    if (/^aws\./i.test(name)) throw invalid(`InputPathsMap for target ${id}: the key ${name} cannot start with AWS.`);
    if (!parseJsonPath(path)) throw invalid(`Invalid InputPathsMap for target ${id}: ${name} is not a JSON path.`);
  }
  const known = new Set<string>([...names, ...predefinedVariables]);
  const unknown = placeholdersOf(template).find((name) => !known.has(name));
  if (unknown) throw invalid(`Invalid InputTemplate for target ${id}: there is no variable ${unknown}.`);
  const inKey = variableInKey(template);
  if (inKey) throw invalid(`Invalid InputTemplate for target ${id}: the variable ${inKey} cannot stand in a key.`);
  const sample = fillTemplate(template, new Map([...known].map((name) => [name, 0])));
  if (template.length === 0 || template.length > 8192 || !isValidTemplateOutput(sample)) {
    throw invalid(`Invalid InputTemplate for target ${id}: it is not JSON once its placeholders are filled.`);
  }
}

function checkLimits({ Id: id, RetryPolicy: retry, DeadLetterConfig: deadLetters }: Target): void {
  const attempts = retry?.MaximumRetryAttempts ?? 0;
  const age = retry?.MaximumEventAgeInSeconds ?? 60;
  if (attempts < 0 || attempts > 185) throw invalid(`MaximumRetryAttempts of target ${id} must be 0 to 185.`);
  if (age < 60 || age > 86_400) throw invalid(`MaximumEventAgeInSeconds of target ${id} must be 60 to 86400.`);
  const queue = deadLetters?.Arn;
  if (queue !== undefined && queue.split(':')[2] !== 'sqs') {
    throw invalid(`The dead-letter queue of target ${id} is no SQS queue: ${queue}`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
