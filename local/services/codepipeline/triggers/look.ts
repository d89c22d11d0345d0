import type { DueTimer } from '../../../clock/timers.ts';
import type { Engine } from '../engine/engine.ts';
import { isNotRun } from '../engine/not-run.ts';
import { surroundings } from '../engine/surroundings.ts';
import { changedFiles, GitError, pulledFiles, readRefs } from '../providers/git-folder.ts';
import { refsStamp } from '../providers/git-stamp.ts';
import { allPipelines, structureOf } from '../records/pipelines.ts';
import { forgetRefs, knownRefs, putRefs, type Refs } from '../records/refs.ts';
import { gitEvents, type GitEvent } from './git-event.ts';
import { listenersIn, type Listener } from './listeners.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { pollingDisabledAtMs } from './polling-disabled.ts';
import { lookAgain } from './schedule.ts';
import { tryToStart, type WantedStart } from './start.ts';
import { tellCommits } from './tell-commits.ts';
import { described, wantedStart } from './wanted-start.ts';

/** A listener with its pipeline. */
export interface PipelineListener extends Listener {
  readonly pipeline: string;
}

/** Looks at one repository. `isAnew`: also if nothing about it has changed since the last look. */
export type Look = (repository: string, isAnew: boolean, timer: DueTimer) => Promise<void>;

/**
 * Makes the look at a repository that a timer is for. What has happened since the last one, also while the cloud was not
 * running, starts pipelines in the one transaction that keeps where the refs stand now: no push is lost and none counts
 * twice. The first look only learns where they stand.
 */
export function repositoryLook(engine: Engine): Look {
  const stamps = new Map<string, string>();
  const problems = new Map<string, string>();
  const inTurn = oneAtATime();
  const look: Look = async (repository, isAnew, timer) => {
    const folder = surroundings(engine).sourceFolder(repository);
    if (folder === undefined) {
      if (isAnew) tellUnmapped(engine, repository);
      return;
    }
    const stamp = refsStamp(folder);
    if (stamp === undefined || isAnew || stamps.get(repository) !== stamp) {
      const problem = await lookInside(engine, { repository, folder }, timer);
      if (problem !== undefined && problems.get(repository) !== problem) {
        engine.context.report(`source repository ${repository} cannot be looked at: ${problem}`);
      }
      keep(problems, repository, problem);
      keep(stamps, repository, problem === undefined ? stamp : undefined);
      return;
    }
    engine.context.store.transaction(() => {
      timer.complete();
      lookAgain(engine, repository);
    });
  };
  return (repository, isAnew, timer) => inTurn(repository, () => look(repository, isAnew, timer));
}

interface Place {
  readonly repository: string;
  readonly folder: string;
}

/** @returns why git cannot tell what is there */
async function lookInside(engine: Engine, place: Place, timer: DueTimer): Promise<string | undefined> {
  const { store } = engine.context;
  const { repository, folder } = place;
  const listeners = listenersTo(engine, repository);
  const again = (then: () => void, isBroken = false): void =>
    store.transaction(() => {
      then();
      timer.complete();
      if (listeners.length > 0) lookAgain(engine, repository, isBroken);
    });
  if (listeners.length === 0) {
    again(() => forgetRefs(store, repository));
    return undefined;
  }
  try {
    const refs = await readRefs(folder);
    const before = knownRefs(store, repository);
    const starts = await startsFor(engine, { ...place, listeners }, before, refs);
    again(() => {
      putRefs(store, repository, refs);
      if (before && listeners.some(isOfCodeCommit)) tellCommits(engine, repository, before, refs);
      for (const wanted of starts) tryToStart(engine, wanted);
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    again(() => undefined, true);
    return error.message;
  }
}

async function startsFor(
  engine: Engine,
  { repository, folder, listeners }: Place & { listeners: readonly PipelineListener[] },
  before: Refs | undefined,
  after: Refs,
): Promise<WantedStart[]> {
  if (!before) return [];
  const active = listeners.filter(({ by, pipeline }) => by !== 'poll' || !pollingDisabledAtMs(engine, pipeline));
  const pipelines = Map.groupBy(active, (listener) => listener.pipeline);
  const starts: WantedStart[] = [];
  for (const event of gitEvents(before, after)) {
    const files = async (branch: string): Promise<readonly string[]> => {
      try {
        return await filesOf(folder, event, branch);
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        engine.context.report(`${repository}: the files of ${described(event)} cannot be told: ${error.message}`);
        return [];
      }
    };
    for (const own of pipelines.values()) {
      const wanted = await wantedStart(repository, event, own, files);
      if (wanted) starts.push(wanted);
    }
  }
  return starts;
}

function isOfCodeCommit({ action }: Listener): boolean {
  return action.type.provider === 'CodeCommit';
}

function filesOf(folder: string, event: GitEvent, defaultBranch: string): Promise<readonly string[]> {
  if (event.kind !== 'pull-request') return changedFiles(folder, event.commit, event.before);
  return pulledFiles(folder, event.commit, event.into ?? defaultBranch);
}

function listenersTo({ context }: Engine, repository: string): PipelineListener[] {
  return allPipelines(context.store).flatMap(({ name, version }) =>
    listenersIn(structureOf(context.store, name, version))
      .filter((listener) => listener.repository === repository)
      .map((listener) => ({ ...listener, pipeline: name })),
  );
}

/** A pipeline of an earlier start may be there without the folder that it was made with. */
function tellUnmapped(engine: Engine, repository: string): void {
  const [first] = listenersTo(engine, repository).filter(({ action }) => !isNotRun(engine, action.type));
  if (!first) return;
  const wish = `--source-repo ${repository}=DIR`;
  engine.context.report(
    `pipeline ${first.pipeline}: pushes do not start it, no folder stands for its source (${wish})`,
  );
}

function keep(known: Map<string, string>, repository: string, value: string | undefined): void {
  if (value === undefined) known.delete(repository);
  else known.set(repository, value);
}
