import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import { eventTime, type BusEvent } from './event.ts';
import { fillTemplate, isValidTemplateOutput, minified, readVariables } from './input-transformer.ts';
import { parseJsonPath, readJsonPath } from './json-path.ts';

/** What the predefined variables of a template tell. */
export interface DeliveredBy {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly ingestedAtMs: number;
}

/**
 * The JSON text that a target gets for an event: the whole event, a part, a constant, or a filled template.
 * @throws AwsError INVALID_JSON when a filled template is not JSON
 */
export function targetInput(target: Target, event: BusEvent, by: DeliveredBy): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) {
    return JSON.stringify(readJsonPath(event, parseJsonPath(target.InputPath) ?? []) ?? null);
  }
  if (!target.InputTransformer) return JSON.stringify(event);
  const { InputPathsMap: paths, InputTemplate: template } = target.InputTransformer;
  const filled = fillTemplate(
    template ?? '',
    new Map([...readVariables(paths ?? {}, event), ...predefined(event, by)]),
  );
  // Objects and lists are minified; a text, and lines of texts, are passed on as they are.
  if (isValidTemplateOutput(filled)) return /^\s*[[{]/.test(filled) ? minified(filled) : filled;
  throw new AwsError('INVALID_JSON', `the filled input template of target ${target.Id} is not valid JSON`);
}

function predefined(event: BusEvent, by: DeliveredBy): Map<string, Json> {
  const envelope = Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'detail'));
  return new Map<string, Json>([
    ['aws.events.rule-arn', by.ruleArn],
    ['aws.events.rule-name', by.ruleName],
    ['aws.events.event.ingestion-time', eventTime(by.ingestedAtMs)],
    ['aws.events.event', envelope],
    ['aws.events.event.json', event],
  ]);
}
