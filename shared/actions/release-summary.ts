import type { Release } from '../state/release.ts';
import type { SourceRevision } from './gateways/executions.ts';
import type { JobContext } from './runner/job-event.ts';
import { cut } from './result.ts';

/** The longest summary: what every tracker takes as a comment. */
const longestText = 20_000;

/** All that is known of a release, as Markdown that reads well as plain text. */
export function summaryOf(of: {
  readonly release: Release | undefined;
  readonly context: JobContext | undefined;
  readonly revisions: readonly SourceRevision[];
}): string {
  const { release, context, revisions } = of;
  const lines = [
    `# ${release ? `Release of ${release.service}` : `Execution of pipeline ${context?.pipeline ?? 'unknown'}`}`,
    ...facts({
      Release: release?.releaseId,
      'Requested by': release && `${release.requestedBy}, ${release.requestedAt}`,
      Reason: release?.reason,
      Revision: release?.revision?.value,
      Outcome: release?.status,
      Pipeline: context?.pipeline,
      Execution: context?.pipelineExecutionId,
    }),
    ...section(
      'Sources',
      revisions.map(({ artifact, id, summary }) => `${artifact} ${id} ${firstLine(summary)}`),
    ),
    ...section('Stages', release?.stages.flatMap(linesOfStage) ?? []),
  ];
  return cut(lines.join('\n'), longestText);
}

function facts(named: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`- ${name}: ${value}`]));
  return ['', ...known];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((line) => `- ${line.trim()}`)];
}

function linesOfStage({ name, state, changedAt, actions }: Release['stages'][number]): string[] {
  const done = actions.map(
    (action) => `${name}/${action.name} ${action.state.toLowerCase()} ${firstLine(action.summary)}`,
  );
  return [`${name} ${state.toLowerCase()}, ${changedAt}`, ...done];
}

function firstLine(text = ''): string {
  return cut(text.split('\n')[0] ?? '', 200);
}
