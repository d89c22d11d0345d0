import { isDeepStrictEqual } from 'node:util';
import { AwsError, LocalCloudError } from '../../errors.ts';
import type { ChangeSet } from './change-sets.ts';
import { compareStack } from './changes.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { withValues } from './parameters.ts';
import type { Stack } from './stack.ts';
import { surroundingsOf } from './surroundings.ts';
import { readTemplateBody } from './template-body.ts';

const kind = 'cloudformation.compare';

const noChanges =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Lets a change set find out what it would change; to be called in the transaction that makes it. */
export function scheduleComparison({ id }: ChangeSet, { context }: CloudFormationState): void {
  context.timers.schedule(kind, { changeSetId: id });
}

/** Names the runner of comparisons. */
export function runComparisons(state: CloudFormationState): void {
  state.context.timers.on(kind, async (payload, timer) => {
    // Written only by scheduleComparison.
    const { changeSetId } = payload as { changeSetId: string };
    const changeSet = state.changeSets.find(changeSetId, undefined);
    const stack = changeSet && state.stacks.find(changeSet.stackId);
    if (!changeSet || !stack) return;
    const compared = await compare(changeSet, stack, state);
    state.context.store.transaction(() => {
      timer.complete();
      // It may have been deleted meanwhile.
      if (state.changeSets.find(changeSetId, undefined)) state.changeSets.save({ ...changeSet, ...compared });
    });
  });
}

type Comparison = Pick<ChangeSet, 'status' | 'statusReason' | 'executionStatus' | 'changes'>;

async function compare(changeSet: ChangeSet, stack: Stack, state: CloudFormationState): Promise<Comparison> {
  try {
    const { changes, isChanged } = await compareInput({ ...stack, roleArn: changeSet.roleArn }, changeSet, state);
    if (isChanged) return { status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE', changes };
    return failed(noChanges);
  } catch (error) {
    // What the template asks for and is not there: the words name it.
    if (error instanceof LocalCloudError || error instanceof AwsError) return failed(error.message);
    throw error;
  }
}

function failed(statusReason: string): Comparison {
  return { status: 'FAILED', statusReason, executionStatus: 'UNAVAILABLE', changes: [] };
}

/** What an input would change of a stack. @throws LocalCloudError naming what is not there locally */
export async function compareInput(
  stack: Stack,
  input: Pick<ChangeSet, 'template' | 'parameters' | 'tags' | 'principal'>,
  state: CloudFormationState,
): Promise<{ changes: ChangeSet['changes']; isChanged: boolean }> {
  const { template } = readTemplateBody(input.template, stack.name);
  const wanted = { name: stack.name, template: withValues(template, input.parameters) };
  const around = surroundingsOf({ ...stack, principal: input.principal }, state);
  const { changes, hasNewOutputs } = await compareStack(wanted, around);
  const isNew = stack.template === '';
  return {
    changes,
    isChanged: isNew || changes.length > 0 || hasNewOutputs || !isDeepStrictEqual(stack.tags, input.tags),
  };
}
