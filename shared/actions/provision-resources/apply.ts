import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionInput, ResultOf } from '../action.ts';
import { ActionFailed, continueLater, cut, fail, startJob, succeed } from '../result.ts';
import { expiryTokenPrefix, type Operating, type provisionResources } from './declaration.ts';
import { expiresAt, scheduleName, tagsOf } from './expiry.ts';
import { isUnchanged, lostResources, standingOf } from './outcome.ts';
import { missingOutput, outputsOf } from './outputs.ts';
import type { ChangeSetSeen, Proposal } from '../gateways/stacks.ts';
import { readConfiguration, readTemplate, templateLimits } from './template.ts';

/** What the operations on a stack are given. */
export type ProvisionInput = ActionInput<typeof provisionResources>;

/** What they answer. */
export type ProvisionResult = ResultOf<typeof provisionResources>;

/** What is known of an operation from its first invocation on. */
export type Attempt = Pick<Operating, 'name' | 'startedAt'>;

/** Between two looks at a stack that another operation holds. */
const busySeconds = 20;

/** Time kept for the rest of an invocation while a change set is waited for. */
const reserveMs = 20_000;

/** Makes a change set and executes it. Whatever of it was done before is found by name, and not done again. */
export async function apply(input: ProvisionInput, attempt: Attempt): Promise<ProvisionResult> {
  const { gateways, parameters } = input;
  const known = await gateways.stacks.findChangeSet(parameters.stackName, attempt.name);
  if (!known) {
    const obstacle = await propose(input, attempt);
    if (obstacle) return obstacle;
  }
  const changeSet = await untilCompared(input, attempt);
  switch (changeSet?.status) {
    case undefined:
    case 'pending':
      return later(attempt, 5, 'the change set is being made');
    case 'outdated':
      return fail('RevisionOutOfSync', `stack ${parameters.stackName} was changed by another; retry the stage`);
    case 'failed':
      return isUnchanged(changeSet) ? unchanged(input, attempt, changeSet) : refused(input, changeSet);
    case 'ready':
    case 'begun':
      return execute(input, attempt, changeSet);
  }
}

/** @returns what the action answers if the stack cannot be changed now */
async function propose(input: ProvisionInput, attempt: Attempt): Promise<ProvisionResult | undefined> {
  const { gateways, parameters } = input;
  const { stackName, roleArn } = parameters;
  const stack = await gateways.stacks.find(stackName);
  const standing = standingOf(stack?.status);
  if (stack && standing === 'never-made') {
    // Such a stack cannot be changed any more, and holds nothing.
    await gateways.stacks.delete({ id: stack.id, token: `clear-${attempt.name}`, roleArn });
    return later(attempt, busySeconds, `stack ${stackName}, which was never made, is cleared away`);
  }
  if (standing === 'busy') return untilIdle(input, attempt, stack?.status ?? '');
  if (standing === 'stuck') {
    const why = `stack ${stackName} is ${stack?.status} and can not be changed; delete it or repair it by hand`;
    return fail('ConfigurationError', why);
  }
  await gateways.stacks.propose(await proposalOf(input, attempt, standing === 'absent'));
  return undefined;
}

/** Waits for another operation, within the action's time. */
export function untilIdle(input: ProvisionInput, attempt: Attempt, status: string): ProvisionResult {
  const { stackName, timeoutMinutes } = input.parameters;
  if (input.clock.nowMs() - Date.parse(attempt.startedAt) < timeoutMinutes * 60_000)
    return later(attempt, busySeconds, `stack ${stackName} is ${status}`);
  return fail('JobFailed', `stack ${stackName} was still ${status} after ${timeoutMinutes} minutes; retry the stage`);
}

async function proposalOf(input: ProvisionInput, attempt: Attempt, isNew: boolean): Promise<Proposal> {
  const { parameters: wanted, artifacts, context } = input;
  const { stackName, roleArn, capabilities, configurationPath } = wanted;
  const files = await artifacts.read();
  const text = readTemplate(files, wanted.templatePath);
  const filled = configurationPath === undefined ? undefined : readConfiguration(files, configurationPath);
  return {
    ...{ name: attempt.name, stackName, isNew, roleArn, capabilities },
    template: await placed(text, input, attempt),
    parameters: { ...filled?.parameters, ...wanted.parameters },
    tags: tagsOf({ ...filled?.tags, ...wanted.tags }, context, expiresAt(wanted, attempt.startedAt)),
  };
}

async function placed(
  text: string,
  { parameters: { templateBucket: bucket, templatePath }, gateways }: ProvisionInput,
  { name }: Attempt,
): Promise<Proposal['template']> {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes <= templateLimits.bodyBytes) return { text };
  if (bucket !== undefined)
    return { url: await gateways.stacks.keepTemplate({ bucket, key: `slipway-templates/${name}` }, text) };
  throw new ActionFailed(
    'ConfigurationError',
    `${templatePath} is ${sizeBytes} bytes, a request holds ${templateLimits.bodyBytes}; name a templateBucket`,
  );
}

/** The change set once CloudFormation has compared it; still pending if that takes longer than this invocation. */
async function untilCompared(input: ProvisionInput, { name }: Attempt): Promise<ChangeSetSeen | undefined> {
  const { gateways, parameters, remainingMs, signal } = input;
  for (let pauseMs = 250; ; pauseMs = Math.min(5_000, pauseMs * 2)) {
    const seen = await gateways.stacks.findChangeSet(parameters.stackName, name);
    if ((seen && seen.status !== 'pending') || remainingMs() < reserveMs + pauseMs) return seen;
    await sleep(pauseMs, undefined, { signal });
  }
}

async function execute(input: ProvisionInput, attempt: Attempt, changeSet: ChangeSetSeen): Promise<ProvisionResult> {
  const { parameters, gateways } = input;
  const { stackId, changes } = changeSet;
  const stack = await gateways.stacks.find(stackId);
  const operation = isMaking(changeSet, stack?.status) ? 'create' : 'update';
  if (changeSet.status === 'ready') {
    const lost = parameters.keepResources ? lostResources(changeSet) : [];
    if (lost.length > 0)
      return refused(input, { ...changeSet, reason: `${lost.join(', ')}; keepResources forbids it` });
    // First: a stack that is made is one that will be deleted.
    await schedule(input, attempt, stackId);
    await gateways.stacks.execute({ id: changeSet.id, token: attempt.name });
  }
  const count = `${changes.length} ${changes.length === 1 ? 'resource' : 'resources'}`;
  return startJob(
    { ...attempt, phase: 'operating' as const, operation, stackId, changeCount: changes.length },
    {
      until: { event: `stack/${attempt.name}` },
      summary: `stack ${parameters.stackName}: ${operation} of ${count}`,
      externalExecutionId: stackId,
    },
  );
}

/** Whether a change set makes its stack; one that has begun may be at any point of it. */
function isMaking({ status }: ChangeSetSeen, stackStatus = ''): boolean {
  return stackStatus === 'REVIEW_IN_PROGRESS' || (status === 'begun' && stackStatus.startsWith('CREATE_'));
}

async function schedule({ parameters, gateways }: ProvisionInput, attempt: Attempt, stackId: string): Promise<void> {
  const { expiry, stackName } = parameters;
  const at = expiresAt(parameters, attempt.startedAt);
  if (!expiry || at === undefined) return;
  const { roleArn } = expiry;
  const name = scheduleName(stackName);
  await gateways.schedules.deleteStackAt({ name, stackId, at, roleArn, tokenPrefix: expiryTokenPrefix });
}

async function unchanged(input: ProvisionInput, attempt: Attempt, changeSet: ChangeSetSeen): Promise<ProvisionResult> {
  const { parameters, gateways } = input;
  await schedule(input, attempt, changeSet.stackId);
  await gateways.stacks.dropChangeSet(changeSet.id);
  const stack = await gateways.stacks.find(changeSet.stackId);
  if (!stack) return fail('RevisionOutOfSync', `stack ${parameters.stackName} was deleted meanwhile; retry the stage`);
  const missing = missingOutput(stack, parameters);
  if (missing !== undefined) return fail('ConfigurationError', `stack ${parameters.stackName}: ${missing}`);
  return succeed({
    outputs: outputsOf(stack, parameters, { ...attempt, changeCount: 0 }),
    summary: `stack ${parameters.stackName} is as the template says: nothing to change`,
  });
}

/** Leaves nothing behind: neither the change set nor a stack that has nothing else. */
async function refused(
  { gateways, parameters: { stackName } }: ProvisionInput,
  { id, stackId, reason = 'no reason given' }: ChangeSetSeen,
): Promise<ProvisionResult> {
  const { stacks } = gateways;
  const stack = await stacks.find(stackId);
  await stacks.dropChangeSet(id);
  if (stack?.status === 'REVIEW_IN_PROGRESS') await stacks.delete({ id: stackId, token: `clear-${stackName}` });
  return fail('ConfigurationError', cut(`the change set of stack ${stackName} was refused: ${reason}`, 2_000));
}

function later(attempt: Attempt, seconds: number, summary: string): ProvisionResult {
  return continueLater({ ...attempt, phase: 'preparing' as const }, { seconds, summary });
}
