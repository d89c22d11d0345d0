import { fillTemplate, type ReleaseFacts } from '../release-facts.ts';
import { cut } from '../result.ts';
import type { TopicMessage } from '../gateways/topics.ts';

/** Fewer than 100 characters (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html). */
const longestSubject = 99;

/** What filter policies may look at. */
const attributeNames = ['release', 'service', 'outcome', 'stage'] as const;

/** A message for a topic. Facts that are not known are no attributes. */
export function topicMessage(
  { message, subject }: { readonly message: string; readonly subject: string | undefined },
  facts: ReleaseFacts,
): Pick<TopicMessage, 'subject' | 'message' | 'attributes'> {
  const known = attributeNames.filter((name) => facts[name] !== 'unknown');
  return {
    message: fillTemplate(message, facts),
    subject: subject === undefined ? undefined : plain(fillTemplate(subject, facts)),
    attributes: Object.fromEntries(known.map((name) => [name, facts[name]])),
  };
}

/** A subject is one line of ASCII that begins with a letter, digit or punctuation mark. */
function plain(text: string): string {
  const ascii = text
    .normalize('NFKD')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim();
  return cut(ascii, longestSubject).replace('…', '.') || 'Release';
}
