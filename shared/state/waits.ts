import * as z from 'zod/mini';
import { epochSecondsIn, nowAt, type Clock } from '../clock.ts';
import type { Item, Store, Write } from './store.ts';
import { expiryAttribute, keys, sweeps } from './table.ts';

/** What a workflow can wait for, by its key. */
export const waitKeys = {
  /** A pipeline execution's end; a retried stage makes it the next attempt. */
  pipelineExecution: (executionId: string, attempt: number): string => `pipeline-execution/${executionId}/${attempt}`,
  /** One release's wait for a commit's source: two releases of one commit each have their own. */
  source: (service: string, commit: string, releaseId: string): string => `source/${service}/${commit}/${releaseId}`,
  slot: (service: string, releaseId: string): string => `slot/${service}/${releaseId}`,
  /** The end of a long job's work, or the pipeline's giving it up. */
  longJob: (firstJobId: string): string => `long-job/${firstJobId}`,
  approval: (approvalId: string): string => `approval/${approvalId}`,
} as const;

/** Resumes workflows; `shared/aws/step-functions.ts` implements it. */
export interface TaskTokens {
  /** `gone`: the task has ended or timed out, so nobody waits any more. */
  succeed(token: string, outcome: string): Promise<'resumed' | 'gone'>;
}

/** What resolving needs. */
export interface WaitsContext {
  readonly store: Store;
  readonly tasks: TaskTokens;
  readonly clock: Clock;
}

/** What a wait ends with: small JSON, the output of the wait state. */
export type Outcome = { readonly [name: string]: string | number | boolean };

/** A registered wait whose workflow has not been resumed. The token stays inside this file. */
export interface OpenWait {
  readonly key: string;
  /** The workflow execution that waits; none for a wait that is only watched. */
  readonly execution: string | undefined;
  readonly registeredAt: string;
  /** An outcome that was stored when the resumer died. */
  readonly isResolved: boolean;
}

const keptDays = 90;

function expiry({ clock }: Pick<WaitsContext, 'clock'>): Readonly<Record<typeof expiryAttribute, number>> {
  return { [expiryAttribute]: epochSecondsIn(clock, keptDays * 86_400) };
}

/** A wait state's registration, as the write that the state machine makes; refused when an outcome came first. */
export function registration(wait: { key: string; token: string; execution: string; registeredAt: string }): Write {
  const { key, token, execution, registeredAt } = wait;
  return {
    update: keys.wait(key),
    set: { waitKey: key, token, execution, registeredAt, gsi1pk: sweeps.waits, gsi1sk: registeredAt },
    when: { absent: ['outcome'] },
  };
}

/**
 * Ends a wait. The first outcome is kept, whether it comes before or after the registration; a later one changes nothing
 * but resumes a workflow that an interrupted call has left waiting.
 */
export async function resolveWait(context: WaitsContext, key: string, outcome: Outcome): Promise<'first' | 'later'> {
  const { store, clock } = context;
  const stored = await store.write({
    update: keys.wait(key),
    set: {
      waitKey: key,
      outcome: JSON.stringify(outcome),
      resolvedAt: nowAt(clock),
      ...expiry(context),
    },
    when: { absent: ['outcome'] },
  });
  await resume(context, key, stored.written ? stored.item : await store.read(keys.wait(key)));
  return stored.written ? 'first' : 'later';
}

/**
 * Has the reconciler read the truth of what no workflow waits for, until its outcome is stored: the end of a retried stage
 * reaches a release whose workflow has ended.
 */
export async function watchWait({ store, clock }: Omit<WaitsContext, 'tasks'>, key: string): Promise<void> {
  const registeredAt = nowAt(clock);
  await store.write({
    update: keys.wait(key),
    set: { waitKey: key, registeredAt, gsi1pk: sweeps.waits, gsi1sk: registeredAt },
    when: { absent: ['outcome', 'registeredAt'] },
  });
}

/** Resumes the workflow of a wait whose outcome is stored, as the reconciler does for an interrupted call. */
export async function resumeWait(context: WaitsContext, key: string): Promise<void> {
  await resume(context, key, await context.store.read(keys.wait(key)));
}

/** Forgets a wait whose workflow has ended without it. */
export async function closeWait(context: Omit<WaitsContext, 'tasks'>, key: string): Promise<void> {
  const remove = ['token', 'gsi1pk', 'gsi1sk'];
  await context.store.write({ update: keys.wait(key), set: expiry(context), remove, when: { present: ['pk'] } });
}

/**
 * Lets a wait that was resumed be registered once more under its key. Whoever resumes it from now on is heard, so read
 * the truth behind this call, not before it.
 */
export async function reopenWait(context: Omit<WaitsContext, 'tasks'>, key: string): Promise<void> {
  await context.store.write({
    update: keys.wait(key),
    // Most waits end by being resumed; one that is looked at when its time has come may never be.
    set: expiry(context),
    remove: ['outcome', 'resolvedAt', 'token', 'gsi1pk', 'gsi1sk'],
    when: { present: ['pk'] },
  });
}

/** The outcome that is stored for a key, if any. */
export async function readOutcome(store: Store, key: string): Promise<unknown> {
  const { outcome } = waitItem.parse((await store.read(keys.wait(key))) ?? {});
  return outcome === undefined ? undefined : JSON.parse(outcome);
}

/** Waits that were registered up to `registeredUpTo` and whose workflows have not been resumed, oldest first. */
export async function* openWaits(store: Store, registeredUpTo: string): AsyncGenerator<OpenWait> {
  let from: string | undefined;
  do {
    const page = await store.query({
      partition: sweeps.waits,
      index: 'sweep',
      upTo: registeredUpTo,
      limit: 100,
      ...(from && { from }),
    });
    for (const item of page.items) yield readOpen(item);
    from = page.next;
  } while (from);
}

const waitItem = z.object({
  token: z.optional(z.string()),
  outcome: z.optional(z.string()),
  gsi1pk: z.optional(z.string()),
});

const openItem = z.object({
  waitKey: z.string(),
  execution: z.optional(z.string()),
  registeredAt: z.string(),
  outcome: z.optional(z.string()),
});

function readOpen(item: Item): OpenWait {
  const { waitKey, execution, registeredAt, outcome } = openItem.parse(item);
  return { key: waitKey, execution, registeredAt, isResolved: outcome !== undefined };
}

async function resume(context: WaitsContext, key: string, item: Item | undefined): Promise<void> {
  const { token, outcome, gsi1pk } = waitItem.parse(item ?? {});
  if (outcome === undefined) return;
  // No token: the wait state has not registered yet, and will read the outcome; or it was resumed before, or never was.
  if (token !== undefined) await context.tasks.succeed(token, outcome);
  if (token !== undefined || gsi1pk !== undefined) await closeWait(context, key);
}
