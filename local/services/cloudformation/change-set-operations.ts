import type { CloudFormation, CreateChangeSetInput, ExecuteChangeSetInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../../errors.ts';
import type { Principal } from '../../gateway/principal.ts';
import type { Operations } from '../../gateway/service.ts';
import { checkCapabilities } from './capabilities.ts';
import type { ChangeSet } from './change-sets.ts';
import { scheduleComparison } from './compare-change-set.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { moveStack } from './cloudformation-state.ts';
import { describeChangeSet, summarizeChangeSet } from './describe-change-set.ts';
import { validationError } from './errors.ts';
import { scheduleRun } from './execute.ts';
import { readGivenParameters } from './parameters.ts';
import { pageOf } from './paging.ts';
import {
  checkName,
  checkRole,
  checkUpdatable,
  isOfApp,
  newArn,
  ownStack,
  readTags,
  refuseMembers,
} from './requests.ts';
import { checkReferences } from './references.ts';
import type { Stack, StackInput } from './stack.ts';
import { readTemplateBody, readTemplateText } from './template-body.ts';

/** Operations on change sets. */
export function changeSetOperations(state: CloudFormationState): Operations<CloudFormation> {
  const { changeSets, stacks } = state;
  const stackIdOf = (name: string | undefined): string | undefined => name && stacks.find(name)?.id;
  return {
    CreateChangeSet: (input, { principal }) => createChangeSet(input, principal, state),
    DescribeChangeSet(input) {
      checkAddress(input);
      return describeChangeSet(changeSets.get(input.ChangeSetName ?? '', stackIdOf(input.StackName)), input);
    },
    ListChangeSets(input) {
      const stack = ownStack(input.StackName ?? '', state);
      const { items, token } = pageOf(changeSets.list(stack.id), input.NextToken);
      return { Summaries: items.map(summarizeChangeSet), ...token };
    },
    DeleteChangeSet(input) {
      checkAddress(input);
      // As on AWS one that does not exist counts as deleted.
      const found = changeSets.find(input.ChangeSetName ?? '', stackIdOf(input.StackName));
      if (found && /IN_PROGRESS$/.test(found.executionStatus)) throw invalidStatus(found, 'deleted');
      if (found) changeSets.delete(found.id);
      return {};
    },
    ExecuteChangeSet: (input, { principal }) => executeChangeSet(input, principal, state),
  };
}

function checkAddress({
  ChangeSetName: name = '',
  StackName: stack,
}: {
  ChangeSetName?: string | undefined;
  StackName?: string | undefined;
}): void {
  if (!name.startsWith('arn:') && stack === undefined) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
}

async function createChangeSet(input: CreateChangeSetInput, principal: Principal, state: CloudFormationState) {
  refuseMembers(input, [
    ...['ResourceTypes', 'RollbackConfiguration', 'ResourcesToImport', 'IncludeNestedStacks'],
    ...['ImportExistingResources', 'DeploymentMode', 'DeploymentConfig'],
  ]);
  const name = checkName('changeSetName', input.ChangeSetName ?? '');
  const kind = input.ChangeSetType ?? 'UPDATE';
  if (kind === 'IMPORT') refuseMembers({ 'ChangeSetType IMPORT': true }, ['ChangeSetType IMPORT']);
  const standing = standingStack(input, kind, state);
  const known = standing && state.changeSets.find(name, standing.id);
  if (known) {
    if (input.ClientToken !== undefined && known.clientToken === input.ClientToken) return answerOf(known);
    throw new AwsError(
      'AlreadyExistsException',
      `ChangeSet ${name} cannot be created due to a mismatch with existing attribute Template or a change set of this name`,
    );
  }
  const wanted = await readInput(input, standing, principal, state);
  await checkRole({ roleArn: input.RoleARN, principal }, state);
  return state.context.store.transaction(() => {
    const stack = standing ?? reviewed(input.StackName ?? '', principal, state);
    const changeSet: ChangeSet = {
      ...wanted,
      id: newArn('changeSet', name, state),
      name,
      stackId: stack.id,
      stackName: stack.name,
      status: 'CREATE_PENDING',
      executionStatus: 'UNAVAILABLE',
      description: input.Description,
      roleArn: input.RoleARN ?? stack.roleArn,
      createdAtMs: state.context.clock.nowMs(),
      onFailure: input.OnStackFailure,
      clientToken: input.ClientToken,
      principal,
      changes: [],
    };
    state.changeSets.save(changeSet);
    scheduleComparison(changeSet, state);
    return answerOf(changeSet);
  });
}

function answerOf(changeSet: ChangeSet) {
  return { Id: changeSet.id, StackId: changeSet.stackId };
}

/** The stack that a change set is for: none yet for the first one that makes a stack. */
function standingStack(input: CreateChangeSetInput, kind: string, state: CloudFormationState): Stack | undefined {
  const name = input.StackName ?? '';
  const stack = state.stacks.find(name);
  if (kind === 'CREATE') {
    if (!name.startsWith('arn:')) checkName('stackName', name);
    if ((stack && stack.status !== 'REVIEW_IN_PROGRESS') || isOfApp(name, state)) {
      throw validationError(
        `Stack [${name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
      );
    }
    return stack;
  }
  const found = ownStack(name, state, `Stack [${name}] does not exist`);
  checkUpdatable(found);
  return found;
}

/** A stack that has nothing but change sets. */
function reviewed(name: string, principal: Principal, state: CloudFormationState): Stack {
  const stack: Stack = {
    ...{ template: '', parameters: {}, tags: {}, capabilities: [], notificationArns: [] },
    id: newArn('stack', name, state),
    name,
    status: 'REVIEW_IN_PROGRESS',
    createdAtMs: state.context.clock.nowMs(),
    onFailure: 'ROLLBACK',
    isProtected: false,
    principal,
  };
  state.records.setApart(name);
  return moveStack(stack, { status: 'REVIEW_IN_PROGRESS', statusReason: 'User Initiated' }, state);
}

async function readInput(
  input: CreateChangeSetInput,
  standing: Stack | undefined,
  principal: Principal,
  state: CloudFormationState,
): Promise<StackInput> {
  const { gateway, endpoint } = state.context;
  const text = await readTemplateText(input, standing?.template, { gateway, endpoint, principal });
  const { template, raw } = readTemplateBody(text, input.StackName ?? '');
  const capabilities = input.Capabilities ?? [];
  checkReferences(template);
  checkCapabilities(template, capabilities);
  return {
    template: text,
    parameters: readGivenParameters(input.Parameters ?? [], raw, standing?.parameters ?? {}),
    tags: input.Tags ? readTags(input.Tags) : (standing?.tags ?? {}),
    capabilities,
    notificationArns: input.NotificationARNs ?? standing?.notificationArns ?? [],
  };
}

function executeChangeSet(input: ExecuteChangeSetInput, principal: Principal, state: CloudFormationState) {
  const { changeSets, stacks, context } = state;
  checkAddress(input);
  const stackId = input.StackName && stacks.find(input.StackName)?.id;
  const changeSet = changeSets.get(input.ChangeSetName ?? '', stackId);
  const stack = stacks.get(changeSet.stackId);
  const token = input.ClientRequestToken;
  if (token !== undefined && stack.changeSetId === changeSet.id && stack.clientToken === token) return {};
  if (changeSet.executionStatus !== 'AVAILABLE') throw invalidStatus(changeSet, 'executed');
  const isNew = stack.status === 'REVIEW_IN_PROGRESS';
  if (!isNew) checkUpdatable(stack);
  context.store.transaction(() => {
    for (const { id } of changeSets.list(stack.id)) if (id !== changeSet.id) changeSets.delete(id);
    changeSets.save({ ...changeSet, executionStatus: 'EXECUTE_IN_PROGRESS' });
    const { template, parameters, tags, capabilities, notificationArns, description } = changeSet;
    const now = beginning(stack, { template, parameters, tags, capabilities, notificationArns }, state);
    const begun = moveStack(
      {
        ...now,
        roleArn: changeSet.roleArn,
        principal,
        description: description ?? stack.description,
        changeSetId: changeSet.id,
        clientToken: token,
        onFailure: input.DisableRollback ? 'DO_NOTHING' : (changeSet.onFailure ?? 'ROLLBACK'),
      },
      { status: isNew ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS', statusReason: 'User Initiated' },
      state,
    );
    scheduleRun(begun, state);
  });
  return {};
}

/** A stack at the beginning of an operation, with what it goes back to if that fails. */
export function beginning(stack: Stack, input: StackInput, { records, context }: CloudFormationState): Stack {
  const { template, parameters, tags, capabilities, notificationArns } = stack;
  const isNew = template === '';
  return {
    ...stack,
    ...input,
    ...(isNew
      ? {}
      : {
          updatedAtMs: context.clock.nowMs(),
          before: {
            ...{ template, parameters, tags, capabilities, notificationArns },
            resources: records.resources(stack.name),
          },
        }),
  };
}

function invalidStatus(changeSet: ChangeSet, what: string): AwsError {
  const status = changeSet.status === 'CREATE_COMPLETE' ? changeSet.executionStatus : changeSet.status;
  return new AwsError(
    'InvalidChangeSetStatusException',
    `ChangeSet [${changeSet.id}] cannot be ${what} in its current status of [${status}]`,
  );
}
