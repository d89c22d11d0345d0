import type { Answer, Compatibility, FeatureTable, Rule } from '../../local/services/compatibility.ts';
import { answersOfOperations, answersOfTypes, type Answered } from './answers.ts';
import { notEvaluated } from './not-evaluated.ts';
import type { Survey } from './survey.ts';

/**
 * The page `docs/compatibility.md` as Markdown. Its tables are not padded, so that a new rule changes one line; the
 * comments keep the formatter from doing it.
 */
export function compatibilityPage(compatibilities: readonly Compatibility[], survey: Survey): string {
  const ordered = compatibilities.toSorted((one, other) => one.title.localeCompare(other.title, 'en'));
  const parts = [
    introduction,
    summary(ordered, survey),
    notEvaluated,
    ...ordered.map((each) => servicePart(each, survey)),
    otherTypes(ordered, survey),
  ];
  const text = parts.filter(Boolean).join('\n\n');
  return `<!-- prettier-ignore-start -->\n\n${text}\n\n<!-- prettier-ignore-end -->\n`;
}

const introduction = `# What the local cloud does of AWS

This page is generated: \`npm run compatibility\` writes it from the code and from what each service says of itself in its \`compatibility.ts\`. Tests hold it true: an operation that is not \`no\` is called through the SDK, and each rule has a test that carries its id in its name.

**yes**: as AWS does it, as far as its public pages say. **partly**: in what is said beside it. **no**: refused by name with \`not supported locally\`, never ignored. A rule's source is a public page; **inferred** where it follows from such pages, or they leave it open; **unverified** where we have found no page.`;

function summary(compatibilities: readonly Compatibility[], survey: Survey): string {
  const rows = compatibilities.map((each) => {
    const operations = answersOfOperations(each, survey);
    const types = answersOfTypes(each, survey);
    const name = `[${each.title}](#${anchorOf(each.title)})`;
    return [name, ...counts(operations), ...counts(types), String(each.rules.length)];
  });
  const rules = compatibilities.flatMap((each) => each.rules);
  const cited = rules.filter(({ source }) => source.startsWith('https://')).length;
  const count = (source: string): number => rules.filter((rule) => rule.source === source).length;
  return [
    '## In figures',
    table(['Service', 'Operations: yes', 'partly', 'no', 'Resource types: yes', 'partly', 'no', 'Rules'], rows),
    `${rules.length} rules: ${cited} with a public page, ${count('inferred')} inferred, ${count('unverified')} unverified.`,
  ].join('\n\n');
}

function counts(answered: readonly Answered[]): string[] {
  const kinds: readonly Answer[] = ['yes', 'partly', 'no'];
  return kinds.map((kind) =>
    answered.length === 0 ? '' : String(answered.filter(({ answer }) => answer === kind).length),
  );
}

function servicePart(compatibility: Compatibility, survey: Survey): string {
  return [
    `## ${compatibility.title}`,
    compatibility.scope,
    grouped('Operations', answersOfOperations(compatibility, survey)),
    grouped('Resource types', answersOfTypes(compatibility, survey)),
    ...(compatibility.features ?? []).map(featurePart),
    rulesPart(compatibility.rules),
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** Things with the same answer for the same reason stand in one line. */
function grouped(title: string, answered: readonly Answered[]): string {
  if (answered.length === 0) return '';
  const kinds: readonly Answer[] = ['yes', 'partly', 'no'];
  const lines = kinds.flatMap((kind) => {
    const ofKind = answered.filter(({ answer }) => answer === kind);
    return [...Map.groupBy(ofKind, ({ how }) => how)].map(([how, those]) => {
      const names = those.map(({ name }) => `\`${name}\``).join(', ');
      return `- **${kind}**${how === undefined ? '' : `, ${how}`}: ${names}`;
    });
  });
  return [`**${title}**`, lines.join('\n')].join('\n\n');
}

function featurePart({ title, features }: FeatureTable): string {
  return table(
    [title, '', ''],
    features.map(({ name, answer, how }) => [name, answer, how ?? '']),
  );
}

function rulesPart(rules: readonly Rule[]): string {
  if (rules.length === 0) return '';
  const rows = rules
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ id, rule, source }) => [rule, `\`${id}\``, sourceText(source)]);
  return table(['Rule', 'Id', 'Source'], rows);
}

function sourceText(source: string): string {
  if (!source.startsWith('https://')) return source;
  const { hostname, pathname } = new URL(source);
  const page = pathname.split('/').findLast((part) => part !== '') ?? hostname;
  return `[${page.replace(/\.(html|md)$/, '')}](${source})`;
}

/** Types of services that are not here: all of them are recorded only. */
function otherTypes(compatibilities: readonly Compatibility[], survey: Survey): string {
  const isOwned = (type: string): boolean =>
    compatibilities.some(({ resourceTypePrefix: prefix }) => prefix !== undefined && type.startsWith(prefix));
  const others = survey.resourceTypes.filter(({ type }) => !isOwned(type));
  const rows = others.map(({ type, recordedBecause }) => [`\`${type}\``, recordedBecause ?? '']);
  return [
    '## Resource types of other services',
    'They are recorded only: `Ref` and `Fn::GetAtt` give what CloudFormation documents, and nothing happens. Custom resources whose handler is a function for Node.js run; those below, which CDK adds, do not. Any other type stops the start by its name.',
    table(['Type', 'Why, where it is not plain'], rows),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
