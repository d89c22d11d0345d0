import { isLong } from './behaviours.ts';
import type { ActionEnd } from './pipeline.ts';
import type { Plan } from './plan.ts';
import { canary, type RunSeen } from './run.ts';
import type { AttemptSeen } from './seen.ts';

/** The longest that work goes on behind the end of its action, if no event is lost and nothing fails. */
const cancelledWithinMs = 30 * 60_000;

/** With faults: the reconciler finds what nobody came back to, and what fails is tried again, each time later. */
const cancelledLateMs = 60 * 60_000;

/** Behind an outage: workflows that break take over from each other ever later, some of them found by the reconciler. */
const cancelledBehindOutageMs = 5 * 60 * 60_000;

/** Everything in a run that breaks a promise; nothing, if all is well. */
export function brokenPromises(seen: RunSeen): readonly string[] {
  const { plan, attempts, problems } = seen;
  const ofAttempts = attempts.flatMap((attempt) => [...aboutResults(attempt, plan), ...aboutWork(attempt, plan)]);
  return [...ofAttempts, ...aboutRuns(seen), ...aboutLeftovers(seen), ...aboutSecrets(seen), ...problems];
}

function* aboutRuns({ plan, runs, isQuiet }: RunSeen): Generator<string> {
  if (!isQuiet) yield 'something goes on after two days';
  const mostRuns = Math.max(0, ...runs.values());
  if (!plan.isIdempotent && mostRuns > 1) yield `the action, which may run once, ran ${mostRuns} times for one job`;
}

function* aboutResults(attempt: AttemptSeen, plan: Plan): Generator<string> {
  const { jobs, end, work } = attempt;
  if (!end) yield 'the action never ended';
  if (end?.status === 'timed out' && !isUnheard(attempt, plan)) yield 'CodePipeline gave up a job that had no answer';
  const isGivenUp = end?.status === 'Abandoned' || end?.status === 'timed out';
  for (const job of jobs) {
    if (job.answeredMs === undefined && !isGivenUp) yield `job ${job.id} has no result`;
  }
  yield* aboutWorkflows(attempt, plan);
  if (isUntroubled(plan)) yield* withoutFaults({ plan, end, work });
}

/** Nobody was told that the workflow broke, which is why its job has no result until the reconciler comes. */
function isUnheard({ workflows }: AttemptSeen, plan: Plan): boolean {
  return plan.brokenEventCount === 0 && workflows.some(isBroken);
}

function isBroken({ status }: AttemptSeen['workflows'][number]): boolean {
  return status === 'FAILED' || status === 'ABORTED';
}

function* aboutWorkflows({ workflows, jobs, end }: AttemptSeen, { outage }: Plan): Generator<string> {
  const hours = ((end?.atMs ?? 0) - (jobs[0]?.createdMs ?? 0)) / 3_600_000;
  const wholeCount = workflows.filter((workflow) => !isBroken(workflow)).length;
  if (wholeCount > 1) yield `${wholeCount} workflows for one action, none of which broke`;
  for (const { status, enteredCount } of workflows) {
    if (status === 'RUNNING') yield 'the workflow never ended';
    if (enteredCount > (outage ? 120 : 40) + 25 * hours) yield `the workflow entered ${enteredCount} states`;
  }
}

function isUntroubled({ faults, abortAtSeconds }: Plan): boolean {
  return faults.length === 0 && abortAtSeconds === undefined;
}

/** What ends badly without a fault has no excuse. */
function* withoutFaults({
  plan,
  end,
  work,
}: Pick<AttemptSeen, 'end' | 'work'> & { readonly plan: Plan }): Generator<string> {
  if (end?.status === 'Abandoned') return;
  const isBad = ['fails', 'throws'].includes(plan.behaviour) || (isLong(plan.behaviour) && work.outcome === 'bad');
  const expected = isBad && plan.behaviour !== 'waits and runs again' ? 'Failed' : 'Succeeded';
  if (end?.status !== expected) yield `the action ended as ${end?.status}, not as ${expected}`;
  if (work.cancelledAtMs.length > 0) yield 'work was cancelled though its action was not given up';
}

function* aboutWork(attempt: AttemptSeen, plan: Plan): Generator<string> {
  const { end, work } = attempt;
  const { endsAtMs, foundAtMs, cancelledAtMs, outcome } = work;
  if (!isLong(plan.behaviour) || !end) return;
  // A cancellation that failed behind its effect, or died before it was noted, is made again.
  const mostCancels = 1 + plan.faults.length + (plan.abortAtSeconds === undefined ? 0 : 1);
  if (cancelledAtMs.length > mostCancels) yield `the work was cancelled ${cancelledAtMs.length} times`;
  if (end.status !== 'Succeeded') return yield* aboutLeftWork(attempt, { end, plan });
  if (foundAtMs === undefined || endsAtMs === undefined || foundAtMs < endsAtMs)
    yield 'the action succeeded and nobody has seen the end of its work';
  if (outcome === 'bad' && plan.behaviour !== 'waits and runs again')
    yield 'the action succeeded with work that failed';
  if (cancelledAtMs.length > 0) yield 'work was cancelled whose success was taken';
}

/**
 * However an action has ended without success, work that was begun and recorded ends or is cancelled. Of work that was begun
 * before a death that kept it from being recorded nobody knows.
 */
function* aboutLeftWork(
  { work, isRecorded }: AttemptSeen,
  { end, plan }: { readonly end: ActionEnd; readonly plan: Plan },
): Generator<string> {
  const hasCancel = plan.behaviour !== 'waits without a cancel' && plan.wait === 'push';
  const { endsAtMs, cancelledAtMs } = work;
  if (!hasCancel || !isRecorded || endsAtMs === undefined) return;
  const isPrompt = isUntroubled(plan) && plan.endEventCount > 0;
  const soonMs = isPrompt ? cancelledWithinMs : cancelledLateMs;
  const untilMs = end.atMs + (plan.outage ? cancelledBehindOutageMs : soonMs);
  if (endsAtMs <= untilMs) return;
  const [firstMs] = cancelledAtMs;
  if (firstMs === undefined) yield `the action ended as ${end.status} and its work was never cancelled`;
  else if (firstMs > untilMs) yield 'the work was cancelled too late';
}

/** What a run leaves in the table is over, and forgotten in the end. */
function* aboutLeftovers({ plan, attempts, items }: RunSeen): Generator<string> {
  for (const { pk, sk, status, expiresAtEpochSeconds } of items) {
    const name = `${pk?.S}, ${sk?.S}`;
    // The log of an execution is a release's own.
    if (!expiresAtEpochSeconds && !pk?.S?.startsWith('pipeline-execution/')) yield `${name} stays for ever`;
    const isGoneWell = isUntroubled(plan) && attempts.every(({ end }) => end?.status !== 'timed out');
    if (isGoneWell && status?.S === 'waiting') yield `${name} waits for ever`;
  }
}

function* aboutSecrets({ table, log }: RunSeen): Generator<string> {
  if (table.includes(canary)) yield 'the table holds credentials';
  if (log.includes(canary)) yield 'the log holds credentials';
}
