import type {
  CloudFormation,
  CreateStackInput,
  DeleteStackInput,
  UpdateStackInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError, LocalCloudError } from '../../errors.ts';
import type { Principal } from '../../gateway/principal.ts';
import type { Operations } from '../../gateway/service.ts';
import { checkCapabilities } from './capabilities.ts';
import { beginning } from './change-set-operations.ts';
import { moveStack, type CloudFormationState } from './cloudformation-state.ts';
import { compareInput } from './compare-change-set.ts';
import { validationError } from './errors.ts';
import { scheduleRun } from './execute.ts';
import { readGivenParameters } from './parameters.ts';
import {
  checkIdle,
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
import type { OnFailure, Stack } from './stack.ts';
import { descriptionOf, readTemplateBody, readTemplateText } from './template-body.ts';

/** Operations that make, change and delete stacks. */
export function stackOperations(state: CloudFormationState): Operations<CloudFormation> {
  return {
    CreateStack: (input, { principal }) => createStack(input, principal, state),
    UpdateStack: (input, { principal }) => updateStack(input, principal, state),
    DeleteStack: (input, { principal }) => deleteStack(input, principal, state),
    UpdateTerminationProtection(input) {
      const stack = ownStack(input.StackName ?? '', state);
      state.stacks.save({ ...stack, isProtected: input.EnableTerminationProtection ?? false });
      return { StackId: stack.id };
    },
  };
}

const refused = [
  ...['ResourceTypes', 'RollbackConfiguration', 'TimeoutInMinutes', 'StackPolicyBody', 'StackPolicyURL'],
  ...['StackPolicyDuringUpdateBody', 'StackPolicyDuringUpdateURL', 'DeploymentConfig'],
];

async function createStack(input: CreateStackInput, principal: Principal, state: CloudFormationState) {
  refuseMembers(input, refused);
  const name = checkName('stackName', input.StackName ?? '');
  const standing = state.stacks.find(name);
  if (standing && input.ClientRequestToken !== undefined && standing.clientToken === input.ClientRequestToken) {
    return { StackId: standing.id };
  }
  const read = await readRequest(input, undefined, principal, state);
  return state.context.store.transaction(() => {
    if (state.stacks.find(name) || isOfApp(name, state)) {
      throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
    }
    const stack: Stack = {
      ...read,
      id: newArn('stack', name, state),
      name,
      status: 'CREATE_IN_PROGRESS',
      createdAtMs: state.context.clock.nowMs(),
      onFailure: onFailureOf(input),
      isProtected: input.EnableTerminationProtection ?? false,
      clientToken: input.ClientRequestToken,
    };
    state.records.setApart(name);
    scheduleRun(moveStack(stack, { status: stack.status, statusReason: 'User Initiated' }, state), state);
    return { StackId: stack.id };
  });
}

function onFailureOf({ OnFailure: wanted, DisableRollback: isDisabled }: CreateStackInput): OnFailure {
  if (wanted !== undefined && isDisabled !== undefined) {
    throw validationError('You can specify either DisableRollback or OnFailure, but not both.');
  }
  return wanted ?? (isDisabled ? 'DO_NOTHING' : 'ROLLBACK');
}

async function readRequest(
  input: CreateStackInput & Pick<UpdateStackInput, 'UsePreviousTemplate'>,
  standing: Stack | undefined,
  principal: Principal,
  state: CloudFormationState,
) {
  const { gateway, endpoint } = state.context;
  const text = await readTemplateText(input, standing?.template, { gateway, endpoint, principal });
  const { template, raw } = readTemplateBody(text, input.StackName ?? '');
  const capabilities = input.Capabilities ?? [];
  checkReferences(template);
  checkCapabilities(template, capabilities);
  const roleArn = input.RoleARN ?? standing?.roleArn;
  await checkRole({ roleArn, principal }, state);
  return {
    template: text,
    parameters: readGivenParameters(input.Parameters ?? [], raw, standing?.parameters ?? {}),
    tags: input.Tags ? readTags(input.Tags) : (standing?.tags ?? {}),
    capabilities,
    notificationArns: input.NotificationARNs ?? standing?.notificationArns ?? [],
    description: descriptionOf(raw),
    roleArn,
    principal,
  };
}

async function updateStack(input: UpdateStackInput, principal: Principal, state: CloudFormationState) {
  refuseMembers(input, refused);
  const name = input.StackName ?? '';
  const asked = ownStack(name, state, `Stack [${name}] does not exist`);
  const token = input.ClientRequestToken;
  if (token !== undefined && asked.clientToken === token) return { StackId: asked.id };
  checkUpdatable(asked);
  const read = await readRequest(input, asked, principal, state);
  const { isChanged } = await compareOrRefuse({ ...asked, roleArn: read.roleArn }, read, state);
  if (!isChanged) throw validationError('No updates are to be performed.');
  return state.context.store.transaction(() => {
    // Another update may have begun meanwhile.
    const stack = ownStack(name, state);
    checkUpdatable(stack);
    const begun: Stack = {
      ...beginning(stack, read, state),
      clientToken: token,
      changeSetId: undefined,
      onFailure: input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK',
    };
    scheduleRun(moveStack(begun, { status: 'UPDATE_IN_PROGRESS', statusReason: 'User Initiated' }, state), state);
    return { StackId: stack.id };
  });
}

async function compareOrRefuse(...[stack, input, state]: Parameters<typeof compareInput>) {
  try {
    return await compareInput(stack, input, state);
  } catch (error) {
    if (error instanceof LocalCloudError) throw validationError(error.message);
    throw error;
  }
}

async function deleteStack(input: DeleteStackInput, principal: Principal, state: CloudFormationState) {
  refuseMembers(input, ['DeletionMode', 'DeploymentConfig']);
  const name = input.StackName ?? '';
  const stack = state.stacks.find(name);
  // As on AWS a stack that does not exist counts as deleted.
  if (!stack && !isOfApp(name, state)) return {};
  const found = ownStack(name, state);
  if (found.status === 'DELETE_COMPLETE' || found.status === 'DELETE_IN_PROGRESS') return {};
  checkIdle(found);
  if (found.isProtected) {
    throw validationError(`Stack [${found.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  if (input.RetainResources?.length && found.status !== 'DELETE_FAILED') {
    throw validationError(
      'Invalid operation on stack. RetainResources can be specified only for a stack that is in the DELETE_FAILED state.',
    );
  }
  const roleArn = input.RoleARN ?? found.roleArn;
  await checkRole({ roleArn, principal }, state);
  const retained = input.RetainResources;
  const begun: Stack = { ...found, roleArn, principal, clientToken: input.ClientRequestToken, retained };
  state.context.store.transaction(() => {
    scheduleRun(moveStack(begun, { status: 'DELETE_IN_PROGRESS', statusReason: 'User Initiated' }, state), state);
  });
  return {};
}
