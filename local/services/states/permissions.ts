import type { SFN } from '@aws-sdk/client-sfn';
import type { Permission, PermissionTable } from '../../authorization/permission.ts';
import { AwsError } from '../../errors.ts';
import type { CloudContext } from '../service-module.ts';
import { machineArn, parseMachineArn } from './arns.ts';
import { findExecution } from './executions.ts';
import { findToken } from './tokens.ts';

/**
 * What each operation of Step Functions needs. Calls by way of a version or an alias need permission for the state machine
 * itself (https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html).
 */
export function statesPermissions(context: CloudContext): PermissionTable<SFN> {
  const onTask =
    (action: string) =>
    ({ taskToken: token }: { taskToken?: string | undefined }): Permission => ({
      action: `states:${action}`,
      resource: machineOfToken(context, token),
    });
  return {
    CreateStateMachine: ({ name }) => ({
      action: 'states:CreateStateMachine',
      resource: machineArn(context, name ?? ''),
    }),
    UpdateStateMachine: onMachine('UpdateStateMachine'),
    DeleteStateMachine: onMachine('DeleteStateMachine'),
    DescribeStateMachine: onMachine('DescribeStateMachine'),
    ListStateMachines: anywhere('ListStateMachines'),
    ValidateStateMachineDefinition: anywhere('ValidateStateMachineDefinition'),
    TestState: anywhere('TestState'),
    PublishStateMachineVersion: onMachine('PublishStateMachineVersion'),
    ListStateMachineVersions: onMachine('ListStateMachineVersions'),
    DeleteStateMachineVersion: ({ stateMachineVersionArn: arn }) => machine('DeleteStateMachineVersion', arn),
    CreateStateMachineAlias: ({ routingConfiguration: routes }) =>
      machine('CreateStateMachineAlias', routes?.[0]?.stateMachineVersionArn),
    UpdateStateMachineAlias: onAlias('UpdateStateMachineAlias'),
    DescribeStateMachineAlias: onAlias('DescribeStateMachineAlias'),
    DeleteStateMachineAlias: onAlias('DeleteStateMachineAlias'),
    ListStateMachineAliases: onMachine('ListStateMachineAliases'),
    StartExecution: onMachine('StartExecution'),
    StartSyncExecution: onMachine('StartSyncExecution'),
    StopExecution: onExecution('StopExecution'),
    RedriveExecution: onExecution('RedriveExecution'),
    DescribeExecution: onExecution('DescribeExecution'),
    DescribeStateMachineForExecution: onExecution('DescribeStateMachineForExecution'),
    GetExecutionHistory: onExecution('GetExecutionHistory'),
    ListExecutions: ({ stateMachineArn: arn }) =>
      arn === undefined ? anywhere('ListExecutions')() : machine('ListExecutions', arn),
    TagResource: onResource('TagResource'),
    UntagResource: onResource('UntagResource'),
    ListTagsForResource: onResource('ListTagsForResource'),
    SendTaskSuccess: onTask('SendTaskSuccess'),
    SendTaskFailure: onTask('SendTaskFailure'),
    SendTaskHeartbeat: onTask('SendTaskHeartbeat'),
  };
}

/** Calls by way of a version or an alias: the machine, with the qualifier as a condition key. */
function machine(action: string, arn: string | undefined): Permission {
  const { machineArn: resource, version, alias } = parseMachineArn(arn);
  const qualifier = version === undefined ? alias : String(version);
  const keys = qualifier === undefined ? {} : { keys: { 'states:StateMachineQualifier': qualifier } };
  return { action: `states:${action}`, resource, ...keys };
}

const anywhere = (action: string) => (): Permission => ({ action: `states:${action}`, resource: '*' });

const onMachine =
  (action: string) =>
  ({ stateMachineArn: arn }: { stateMachineArn?: string | undefined }) =>
    machine(action, arn);

const onResource =
  (action: string) =>
  ({ resourceArn: resource = '*' }: { resourceArn?: string | undefined }): Permission => ({
    action: `states:${action}`,
    resource,
  });

const onAlias =
  (action: string) =>
  ({ stateMachineAliasArn: arn }: { stateMachineAliasArn?: string | undefined }) =>
    machine(action, arn);

const onExecution =
  (action: string) =>
  ({ executionArn: arn }: { executionArn?: string | undefined }): Permission => ({
    action: `states:${action}`,
    resource: arn ?? '*',
  });

/** The state machine whose task a token stands for; of a token of none nobody knows whose it would be. */
function machineOfToken({ store }: CloudContext, token: string | undefined): string {
  try {
    return findExecution(store, findToken(store, token).executionArn)?.machineArn ?? '*';
  } catch (error) {
    if (error instanceof AwsError) return '*';
    throw error;
  }
}
