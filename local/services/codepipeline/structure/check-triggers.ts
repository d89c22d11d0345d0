import type { AwsError } from '../../../errors.ts';
import { globProblem } from '../triggers/glob.ts';
import { invalidStructure, repeated } from './refusals.ts';
import type { Structure } from './structure.ts';
import type { Criteria, PullRequestFilter, PushFilter, TriggerStructure } from './triggers.ts';

/**
 * The rules of triggers (User Guide, "Automate starting pipelines using triggers and filtering"): each is of another source
 * action with a connection, and its filters are of a valid combination.
 * @throws AwsError `InvalidStructureException`
 */
export function checkTriggers({ triggers, stages }: Structure): void {
  const sources = (stages[0]?.actions ?? []).filter(({ type }) => type.provider === 'CodeStarSourceConnection');
  const names = triggers.map((trigger) => trigger.sourceAction);
  const stranger = names.find((name) => sources.every((source) => source.name !== name)) ?? repeated(names);
  if (stranger !== undefined) {
    throw invalidStructure(
      `Triggers for connection must reference a CodeStarSourceConnection action. Note that when you specify a trigger, ` +
        `you cant specify more than one trigger per source action. Got: '${stranger}'`,
    );
  }
  for (const trigger of triggers) checkTrigger(trigger);
}

function checkTrigger({ sourceAction, push, pullRequest }: TriggerStructure): void {
  if (push.length + pullRequest.length === 0) throw invalidTrigger(sourceAction, 'it has no push and no pullRequest');
  for (const problem of [...push.map(pushProblem), ...pullRequest.map(pullRequestProblem)]) {
    if (problem !== undefined) throw invalidTrigger(sourceAction, problem);
  }
}

function pushProblem(filter: PushFilter): string | undefined {
  const { tags, branches, filePaths } = filter;
  if (tags && (branches ?? filePaths)) return 'a push filter has tags beside something else';
  if (!tags && !branches) return 'a push filter has neither tags nor branches';
  return criteriaProblem([tags, branches, filePaths]);
}

function pullRequestProblem({ branches, filePaths }: PullRequestFilter): string | undefined {
  if (!branches) return 'a pullRequest filter has no branches';
  return criteriaProblem([branches, filePaths]);
}

function criteriaProblem(all: readonly (Criteria | undefined)[]): string | undefined {
  const given = all.filter((criteria) => criteria !== undefined);
  if (given.some(({ includes, excludes }) => includes.length + excludes.length === 0)) {
    return 'a filter has neither includes nor excludes';
  }
  const globs = given.flatMap(({ includes, excludes }) => [...includes, ...excludes]);
  return globs.map(globProblem).find((problem) => problem !== undefined);
}

function invalidTrigger(sourceAction: string, problem: string): AwsError {
  return invalidStructure(
    `The trigger configuration for the source action is not valid. Make sure to choose valid filter combinations. ` +
      `Of '${sourceAction}': ${problem}; allowed: tags, branches, or branches and filePaths`,
  );
}
