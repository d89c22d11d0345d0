import type { Answer, Compatibility } from '../../local/services/compatibility.ts';
import type { Survey } from './survey.ts';

/** One operation or resource type with its answer. */
export interface Answered {
  readonly name: string;
  readonly answer: Answer;
  /** What is left out, or why. */
  readonly how?: string;
}

/** Every operation of the service's SDK client, by name; none for a service without an API. */
export function answersOfOperations(compatibility: Compatibility, survey: Survey): Answered[] {
  const { id, apiName = id, partly = {}, refused = [], otherwise = 'not built' } = compatibility;
  const operations = survey.operations.get(apiName);
  if (!operations) return [];
  return operations.known.map((name) => {
    const why = refused.find((group) => group.operations.includes(name))?.why;
    if (why !== undefined) return { name, answer: 'no', how: why };
    if (!operations.answered.has(name)) return { name, answer: 'no', how: otherwise };
    return partly[name] === undefined ? { name, answer: 'yes' } : { name, answer: 'partly', how: partly[name] };
  });
}

/** Every resource type of the service that a template may have, by name. */
export function answersOfTypes(compatibility: Compatibility, survey: Survey): Answered[] {
  const { resourceTypePrefix: prefix, resourceTypes = {} } = compatibility;
  if (prefix === undefined) return [];
  const own = survey.resourceTypes.filter(({ type }) => type.startsWith(prefix));
  const found = own.map(({ type, isRecordedOnly, recordedBecause }): Answered => {
    const declared = resourceTypes[type];
    if (declared) return { name: type, ...declared };
    if (!isRecordedOnly) return { name: type, answer: 'yes' };
    return { name: type, answer: 'partly', how: `recorded only${recordedBecause ? `: ${recordedBecause}` : ''}` };
  });
  const missing = Object.entries(resourceTypes).filter(([type]) => !own.some((known) => known.type === type));
  return [...found, ...missing.map(([type, declared]): Answered => ({ name: type, ...declared }))];
}
