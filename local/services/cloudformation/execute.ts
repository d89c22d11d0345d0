import { applyStack, type ResourceProgress } from '../../template/apply-stack.ts';
import { deleteLeftovers } from '../../template/apply.ts';
import { dropResource } from '../../template/drop-resource.ts';
import { withObjects } from './assets.ts';
import { actingPrincipal, moveStack, type CloudFormationState } from './cloudformation-state.ts';
import { withValues } from './parameters.ts';
import { progressOf } from './progress.ts';
import { restoreResources } from './restore.ts';
import type { Stack, StackInput } from './stack.ts';
import { surroundingsOf } from './surroundings.ts';
import { readTemplateBody } from './template-body.ts';

const kind = 'cloudformation.run';

/** Lets the operation go on that a stack's status names; to be called in the transaction that sets the status. */
export function scheduleRun(stack: Stack, { context }: CloudFormationState): void {
  context.timers.schedule(kind, { stackId: stack.id }, { id: `cloudformation/${stack.id}` });
}

/** Names the runner of operations. What a process that died had begun goes on where it stopped. */
export function runOperations(state: CloudFormationState): void {
  state.context.timers.on(kind, async (payload) => {
    // Written only by scheduleRun.
    const { stackId } = payload as { stackId: string };
    let stack = state.stacks.find(stackId);
    // What each step leaves is looked at as it left it: the next operation has a run of its own.
    for (let step = stepOf(stack); stack && step; step = stepOf(stack)) stack = await step(stack, state);
  });
}

function stepOf(stack: Stack | undefined): Step | undefined {
  return stack && steps[stack.status];
}

/** Does what a status stands for. @returns the stack with the status that follows */
type Step = (stack: Stack, state: CloudFormationState) => Promise<Stack>;

const steps: Readonly<Record<string, Step | undefined>> = {
  async CREATE_IN_PROGRESS(stack, state) {
    const failure = await provision(stack, stack, state);
    if (failure === undefined) return complete(stack, 'CREATE_COMPLETE', state);
    if (stack.onFailure === 'DO_NOTHING') return fail(stack, 'CREATE_FAILED', failure, state);
    const next = stack.onFailure === 'DELETE' ? 'DELETE_IN_PROGRESS' : 'ROLLBACK_IN_PROGRESS';
    return moveStack(stack, { status: next, statusReason: `${failure} Rollback requested by user.` }, state);
  },
  async ROLLBACK_IN_PROGRESS(stack, state) {
    const failure = await removeAll(stack, state);
    if (failure !== undefined) return fail(stack, 'ROLLBACK_FAILED', failure, state);
    return fail(stack, 'ROLLBACK_COMPLETE', undefined, state);
  },
  async UPDATE_IN_PROGRESS(stack, state) {
    const failure = await provision(stack, stack, state);
    if (failure === undefined) return complete(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', state);
    if (stack.onFailure === 'DO_NOTHING') return fail(stack, 'UPDATE_FAILED', failure, state);
    return moveStack(stack, { status: 'UPDATE_ROLLBACK_IN_PROGRESS', statusReason: failure }, state);
  },
  async UPDATE_COMPLETE_CLEANUP_IN_PROGRESS(stack, state) {
    await cleanUp(stack, state);
    return moveStack(stack, { status: 'UPDATE_COMPLETE' }, state);
  },
  async UPDATE_ROLLBACK_IN_PROGRESS(stack, state) {
    const { before } = stack;
    restoreResources(stack, before?.resources ?? [], state);
    const failure = before && (await provision(stack, before, state));
    if (failure !== undefined) return fail(stack, 'UPDATE_ROLLBACK_FAILED', failure, state);
    const { template, parameters, tags, capabilities, notificationArns } = before ?? stack;
    const input: StackInput = { template, parameters, tags, capabilities, notificationArns };
    const status = 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS';
    return moveStack(stack, { ...input, status, before: undefined }, state);
  },
  async UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS(stack, state) {
    await cleanUp(stack, state);
    return fail(stack, 'UPDATE_ROLLBACK_COMPLETE', undefined, state);
  },
  async DELETE_IN_PROGRESS(stack, state) {
    const failure = await removeAll(stack, state);
    if (failure !== undefined) return fail(stack, 'DELETE_FAILED', failure, state);
    return state.context.store.transaction(() => {
      state.records.dropStack(stack.name);
      for (const { id } of state.changeSets.list(stack.id)) state.changeSets.delete(id);
      return moveStack(stack, { status: 'DELETE_COMPLETE', deletedAtMs: state.context.clock.nowMs() }, state);
    });
  },
};

function complete(stack: Stack, status: Stack['status'], state: CloudFormationState): Stack {
  return state.context.store.transaction(() => {
    endChangeSet(stack, 'EXECUTE_COMPLETE', state);
    return moveStack(stack, { status, before: undefined }, state);
  });
}

function fail(stack: Stack, status: Stack['status'], reason: string | undefined, state: CloudFormationState): Stack {
  return state.context.store.transaction(() => {
    endChangeSet(stack, 'EXECUTE_FAILED', state);
    return moveStack(stack, { status, statusReason: reason }, state);
  });
}

function endChangeSet(
  { changeSetId }: Stack,
  executionStatus: 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED',
  { changeSets }: CloudFormationState,
): void {
  const changeSet = changeSetId === undefined ? undefined : changeSets.find(changeSetId, undefined);
  if (changeSet?.executionStatus === 'EXECUTE_IN_PROGRESS') changeSets.save({ ...changeSet, executionStatus });
}

/** Makes a stack what an input says. @returns why it failed */
async function provision(stack: Stack, input: StackInput, state: CloudFormationState): Promise<string | undefined> {
  const progress = progressOf(stack, state);
  try {
    const { template } = readTemplateBody(input.template, stack.name);
    const wanted = { name: stack.name, template: withValues(template, input.parameters) };
    const around = { ...surroundingsOf(stack, state), onProgress: progress.tell };
    const principal = actingPrincipal(stack);
    await withObjects((locate) => applyStack(wanted, { ...around, locate }), { context: state.context, principal });
    return undefined;
  } catch (error) {
    return progress.failed(error);
  }
}

/** Deletes every resource that is not retained, last made first. @returns why it failed */
async function removeAll(stack: Stack, state: CloudFormationState): Promise<string | undefined> {
  const retained = new Set(stack.retained);
  state.context.store.transaction(() => {
    // What is dropped last is deleted first, and that is what was made last.
    for (const resource of state.records.resources(stack.name)) {
      if (retained.has(resource.logicalId)) state.records.drop(resource, false);
      else dropResource(resource, state.records);
    }
    for (const left of ownLeftovers(stack, state)) if (retained.has(left.logicalId)) state.records.dropLeftover(left);
  });
  const progress = progressOf(stack, state);
  try {
    await deleteOwn(stack, state, progress.tell);
    return undefined;
  } catch (error) {
    return progress.failed(error);
  }
}

/** Deletes what an update left over. As on AWS what cannot be deleted stays behind, and the stack goes on. */
async function cleanUp(stack: Stack, state: CloudFormationState): Promise<void> {
  const progress = progressOf(stack, state);
  try {
    await deleteOwn(stack, state, progress.tell);
  } catch (error) {
    progress.failed(error);
    for (const left of ownLeftovers(stack, state)) state.records.dropLeftover(left);
  }
}

function deleteOwn(stack: Stack, state: CloudFormationState, onProgress: (progress: ResourceProgress) => void) {
  const around = { ...surroundingsOf(stack, state), onProgress };
  return deleteLeftovers(state.records, around, ({ stackName }) => stackName === stack.name);
}

function ownLeftovers(stack: Stack, { records }: CloudFormationState) {
  return records.leftovers().filter(({ stackName }) => stackName === stack.name);
}
