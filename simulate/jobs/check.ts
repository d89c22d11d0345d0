import { isLong } from './behaviours.ts';
import { canary, type RunSeen } from './run.ts';

/** The longest that a pipeline that has given an action up may have to wait until its work is told. */
const cancelledWithinMs = 30 * 60_000;

/** Everything in a run that breaks a promise; nothing, if all is well. */
export function brokenPromises(seen: RunSeen): readonly string[] {
  return [...aboutResults(seen), ...aboutWork(seen), ...aboutSecrets(seen), ...seen.problems];
}

function* aboutResults({ plan, jobs, end, work, isQuiet, workflows }: RunSeen): Generator<string> {
  if (!isQuiet) yield 'something goes on after a day';
  if (!end) yield 'the action never ended';
  if (end?.status === 'timed out') yield 'CodePipeline gave up a job that had no answer for 20 minutes';
  for (const job of jobs) {
    const isGivenUp = end?.status === 'Abandoned' && job.answeredMs === undefined;
    if (job.answeredMs === undefined && !isGivenUp) yield `job ${job.id} has no result`;
  }
  const mostRuns = Math.max(0, ...work.runs.values());
  if (!plan.isIdempotent && mostRuns > 1) yield `the action, which may run once, ran ${mostRuns} times for one job`;
  if (workflows.length > 1) yield `${workflows.length} workflows for one action`;
  for (const { status, enteredCount } of workflows) {
    if (status === 'RUNNING') yield 'the workflow never ended';
    if (enteredCount > 80) yield `the workflow entered ${enteredCount} states`;
  }
  if (plan.faults.length === 0) yield* withoutFaults({ plan, end, work });
}

/** What ends badly without a fault has no excuse. */
function* withoutFaults({ plan, end, work }: Pick<RunSeen, 'plan' | 'end' | 'work'>): Generator<string> {
  if (end?.status === 'Abandoned') return;
  const isBad = ['fails', 'throws'].includes(plan.behaviour) || (isLong(plan.behaviour) && work.outcome === 'bad');
  const expected = isBad && plan.behaviour !== 'waits and runs again' ? 'Failed' : 'Succeeded';
  if (end?.status !== expected) yield `the action ended as ${end?.status}, not as ${expected}`;
}

function* aboutWork({ plan, end, work, jobs }: RunSeen): Generator<string> {
  const { endsAtMs, foundAtMs, cancelledAtMs } = work;
  if (!isLong(plan.behaviour) || !end) return;
  if (end.status === 'Succeeded') {
    if (foundAtMs === undefined || endsAtMs === undefined || foundAtMs < endsAtMs)
      yield 'the action succeeded and nobody has seen the end of its work';
    if (work.outcome === 'bad' && plan.behaviour !== 'waits and runs again')
      yield 'the action succeeded with work that failed';
    if (cancelledAtMs.length > 0) yield 'work was cancelled whose success was taken';
  }
  const hasCancel = plan.behaviour !== 'waits without a cancel' && plan.wait === 'push';
  if (end.status !== 'Abandoned' || !hasCancel || endsAtMs === undefined) return;
  const isOver = foundAtMs !== undefined && foundAtMs <= end.atMs + cancelledWithinMs;
  const hasRun = jobs.some(({ answers }) => answers.includes('failed'));
  if (cancelledAtMs.length === 0 && !isOver && !hasRun)
    yield 'the pipeline gave the action up and its work was never cancelled';
  const [firstMs = 0] = cancelledAtMs;
  if (firstMs > end.atMs + cancelledWithinMs) yield 'the work was cancelled too late';
}

function* aboutSecrets({ table, log }: RunSeen): Generator<string> {
  if (table.includes(canary)) yield 'the table holds credentials';
  if (log.includes(canary)) yield 'the log holds credentials';
}
