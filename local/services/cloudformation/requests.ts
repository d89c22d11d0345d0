import { randomUUID } from 'node:crypto';
import type { Tag } from '@aws-sdk/client-cloudformation';
import { AwsError, notSupportedLocally } from '../../errors.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { actingPrincipal } from './cloudformation-state.ts';
import { validationError } from './errors.ts';
import { isBusy, type Stack } from './stack.ts';

/** Checks the name of a stack or change set. @throws AwsError ValidationError */
export function checkName(what: 'stackName' | 'changeSetName', name: string): string {
  if (/^[A-Za-z][-A-Za-z0-9]{0,127}$/.test(name)) return name;
  throw validationError(
    `1 validation error detected: Value '${name}' at '${what}' failed to satisfy constraint: ` +
      'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*, of at most 128 characters',
  );
}

/** A new id: `arn:…:<kind>/<name>/<uuid>`. */
export function newArn(kind: 'stack' | 'changeSet', name: string, { context }: CloudFormationState): string {
  return `arn:aws:cloudformation:${context.region}:${context.account}:${kind}/${name}/${randomUUID()}`;
}

/** Tags as a map. @throws AwsError ValidationError for a tag of AWS's own */
export function readTags(tags: readonly Tag[] = []): Record<string, string> {
  for (const { Key: key = '' } of tags) {
    if (/^aws:/i.test(key)) throw validationError(`aws: prefixed tag key names are not allowed for external use.`);
  }
  if (tags.length > 50) throw validationError('Tags may not be more than 50.');
  return Object.fromEntries(tags.map(({ Key: key = '', Value: value = '' }) => [key, value]));
}

/** Refuses what asks for behaviour that the local cloud does not have. @throws AwsError NotImplemented */
export function refuseMembers(input: object, names: readonly string[]): void {
  const given = new Map<string, unknown>(Object.entries(input));
  const found = names.find((name) => {
    const value = given.get(name);
    return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
  });
  if (found !== undefined) throw notSupportedLocally(`${found} of CloudFormation`);
}

/** @throws AwsError ValidationError while an operation is under way, or for a stack that can only be deleted */
export function checkUpdatable(stack: Stack): void {
  const isUpdatable = /^(CREATE|UPDATE|UPDATE_ROLLBACK)_COMPLETE$/.test(stack.status);
  if (!isUpdatable) {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
}

/** @throws AwsError ValidationError while an operation is under way */
export function checkIdle(stack: Stack): void {
  if (isBusy(stack)) throw validationError(`Stack [${stack.id}] is in ${stack.status} state; wait until it has ended.`);
}

/**
 * A stack of the API.
 * @throws AwsError NotImplemented for one of the app that the cloud runs, ValidationError for one that does not exist
 */
export function ownStack(nameOrId: string, state: CloudFormationState, missing?: string): Stack {
  const stack = state.stacks.find(nameOrId);
  if (stack) return stack;
  if (isOfApp(nameOrId, state)) {
    throw notSupportedLocally(
      `changing stack ${nameOrId}, which the app has (change the app and synthesize it again),`,
    );
  }
  throw validationError(missing ?? `Stack with id ${nameOrId} does not exist`);
}

/** Whether a name is that of a stack which the app has. */
export function isOfApp(name: string, { records, stacks }: CloudFormationState): boolean {
  return !stacks.find(name) && records.stackNames().includes(name);
}

/** @throws AwsError ValidationError for a role that CloudFormation may not assume */
export async function checkRole(
  stack: Pick<Stack, 'roleArn' | 'principal'>,
  { context }: CloudFormationState,
): Promise<void> {
  if (stack.roleArn === undefined) return;
  try {
    // Needs no permission: it fails only where the role does not trust CloudFormation.
    await context.gateway.handle({ service: 'sts', operation: 'GetCallerIdentity', input: {} }, actingPrincipal(stack));
  } catch (error) {
    if (!(error instanceof AwsError) || !/^AccessDenied/.test(error.code)) throw error;
    throw validationError(`Role ${stack.roleArn} is invalid or cannot be assumed`);
  }
}
