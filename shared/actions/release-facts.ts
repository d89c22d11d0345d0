import type { Release } from '../state/release.ts';
import * as z from 'zod/mini';
import type { ActionInput } from './action.ts';

/** What a text of an action may name as `{{name}}`, and what it stands for. */
const meanings = {
  release: 'the id of the release',
  service: 'the service that is released',
  commit: 'the revision that is released: a commit, or an object version',
  shortCommit: 'its first eight characters',
  requestedBy: 'who or what asked for the release',
  reason: 'why it was asked for',
  outcome: 'how the release stands: running, failed, …',
  stages: 'how each stage stands',
  pipeline: 'the name of the pipeline',
  execution: 'the id of the pipeline execution',
  stage: 'the stage of the action',
  action: "the action's name in its stage",
} as const;

/** One of the names. */
export type FactName = keyof typeof meanings;

/** Every name with its value; what is not known is `unknown`. */
export type ReleaseFacts = Readonly<Record<FactName, string>>;

/** Every name that a text may use. */
const factNames: readonly string[] = Object.keys(meanings);

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** A text with `{{names}}`; another name than those of the facts is refused, at synth already. */
export const templateSchema = z.string().check(
  z.minLength(1),
  z.refine((text) => [...text.matchAll(placeholder)].every(([, name = '']) => factNames.includes(name)), {
    error: `may name only {{${factNames.join('}}, {{')}}}`,
  }),
);

/** Puts facts in the places of their names. What the facts hold is not looked at again. */
export function fillTemplate(template: string, facts: ReleaseFacts): string {
  return fillPlaceholders(template, (name) => factOf(facts, name));
}

/** Puts something in the place of each name, whatever it is. */
export function fillPlaceholders(template: string, valueOf: (name: string) => string): string {
  return template.replace(placeholder, (_all, name: string) => valueOf(name));
}

function factOf(facts: ReleaseFacts, name: string): string {
  // A schema has let none but these pass.
  return facts[name as FactName] ?? '';
}

/** The facts of the release that an action runs in, as far as they are known now. */
export async function releaseFacts({
  release,
  context,
}: Pick<ActionInput, 'release' | 'context'>): Promise<ReleaseFacts> {
  return factsOf(await release(), context);
}

/** The facts of a release. */
export function factsOf(release: Release | undefined, context: ActionInput['context']): ReleaseFacts {
  const commit = release?.revision?.value ?? unknown;
  return {
    release: release?.releaseId ?? unknown,
    service: release?.service ?? context?.pipeline ?? unknown,
    commit,
    shortCommit: commit.slice(0, 8),
    requestedBy: release?.requestedBy ?? unknown,
    reason: release?.reason ?? unknown,
    outcome: outcomeOf(release),
    stages: stagesOf(release),
    pipeline: context?.pipeline ?? unknown,
    execution: context?.pipelineExecutionId ?? unknown,
    stage: context?.stage ?? unknown,
    action: context?.action ?? unknown,
  };
}

const unknown = 'unknown';

/** A stage that has failed tells more than that the release still runs. */
function outcomeOf(release: Release | undefined): string {
  if (!release) return unknown;
  return release.stages.some(({ state }) => state === 'FAILED') ? 'failed' : release.status;
}

function stagesOf(release: Release | undefined): string {
  const stages = release?.stages.map(({ name, state }) => `${name} ${state.toLowerCase()}`) ?? [];
  return stages.join(', ') || unknown;
}
