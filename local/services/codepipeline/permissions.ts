import type { CodePipeline } from '@aws-sdk/client-codepipeline';
import { arnPrefix, type Permission, type PermissionTable, type Place } from '../../authorization/permission.ts';

interface InPipeline {
  readonly pipelineName?: string | undefined;
  readonly stageName?: string | undefined;
  readonly actionName?: string | undefined;
}

interface TypeName {
  readonly category?: string | undefined;
  readonly owner?: string | undefined;
  readonly provider?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * What each operation of CodePipeline needs: the pipeline, or a stage or action of it. What workers do with jobs knows no
 * resource.
 */
export function codePipelinePermissions(place: Place): PermissionTable<CodePipeline> {
  const prefix = arnPrefix('codepipeline', place);
  return {
    ...onPipelines(prefix),
    ...insidePipelines(prefix),
    ...onJobs(prefix),
    ...onActionTypes(prefix),
    ...onWebhooks(prefix),
  };
}

function onPipelines(prefix: string): PermissionTable<CodePipeline> {
  const onPipeline =
    (action: string) =>
    ({ pipelineName: pipeline }: InPipeline) =>
      on(action, `${prefix}${pipeline}`);
  const onNamed =
    (action: string) =>
    ({ name }: { name?: string | undefined }) =>
      on(action, `${prefix}${name}`);
  const onArn =
    (action: string) =>
    ({ resourceArn: arn = '*' }: { resourceArn?: string | undefined }) =>
      on(action, arn);
  return {
    CreatePipeline: ({ pipeline }) => on('CreatePipeline', `${prefix}${pipeline?.name}`),
    UpdatePipeline: ({ pipeline }) => on('UpdatePipeline', `${prefix}${pipeline?.name}`),
    DeletePipeline: onNamed('DeletePipeline'),
    GetPipeline: onNamed('GetPipeline'),
    GetPipelineState: onNamed('GetPipelineState'),
    StartPipelineExecution: onNamed('StartPipelineExecution'),
    ListPipelines: () => on('ListPipelines', '*'),
    StopPipelineExecution: onPipeline('StopPipelineExecution'),
    GetPipelineExecution: onPipeline('GetPipelineExecution'),
    ListPipelineExecutions: onPipeline('ListPipelineExecutions'),
    ListActionExecutions: onPipeline('ListActionExecutions'),
    ListRuleExecutions: onPipeline('ListRuleExecutions'),
    ListDeployActionExecutionTargets: () => on('ListDeployActionExecutionTargets', '*'),
    ListTagsForResource: onArn('ListTagsForResource'),
    TagResource: onArn('TagResource'),
    UntagResource: onArn('UntagResource'),
  };
}

function insidePipelines(prefix: string): PermissionTable<CodePipeline> {
  const onStage =
    (action: string) =>
    ({ pipelineName: pipeline, stageName: stage }: InPipeline) =>
      on(action, `${prefix}${pipeline}/${stage}`);
  const onAction =
    (action: string) =>
    ({ pipelineName: pipeline, stageName: stage, actionName: name }: InPipeline) =>
      on(action, `${prefix}${pipeline}/${stage}/${name}`);
  return {
    EnableStageTransition: onStage('EnableStageTransition'),
    DisableStageTransition: onStage('DisableStageTransition'),
    RetryStageExecution: onStage('RetryStageExecution'),
    RollbackStage: onStage('RollbackStage'),
    OverrideStageCondition: onStage('OverrideStageCondition'),
    PutApprovalResult: onAction('PutApprovalResult'),
    PutActionRevision: onAction('PutActionRevision'),
  };
}

function onJobs(prefix: string): PermissionTable<CodePipeline> {
  return {
    GetJobDetails: () => on('GetJobDetails', '*'),
    PutJobSuccessResult: () => on('PutJobSuccessResult', '*'),
    PutJobFailureResult: () => on('PutJobFailureResult', '*'),
    AcknowledgeJob: () => on('AcknowledgeJob', '*'),
    PollForJobs: ({ actionTypeId: type }) => on('PollForJobs', typeArn(prefix, type)),
    PollForThirdPartyJobs: ({ actionTypeId: type }) => on('PollForThirdPartyJobs', typeArn(prefix, type)),
    GetThirdPartyJobDetails: () => on('GetThirdPartyJobDetails', '*'),
    AcknowledgeThirdPartyJob: () => on('AcknowledgeThirdPartyJob', '*'),
    PutThirdPartyJobSuccessResult: () => on('PutThirdPartyJobSuccessResult', '*'),
    PutThirdPartyJobFailureResult: () => on('PutThirdPartyJobFailureResult', '*'),
  };
}

function onActionTypes(prefix: string): PermissionTable<CodePipeline> {
  const onCustom = (action: string) => (type: Omit<TypeName, 'owner'>) =>
    on(action, typeArn(prefix, { ...type, owner: 'Custom' }));
  return {
    CreateCustomActionType: onCustom('CreateCustomActionType'),
    DeleteCustomActionType: onCustom('DeleteCustomActionType'),
    GetActionType: (type) => on('GetActionType', typeArn(prefix, type)),
    UpdateActionType: ({ actionType }) => on('UpdateActionType', typeArn(prefix, actionType?.id)),
    ListActionTypes: () => on('ListActionTypes', '*'),
    ListRuleTypes: () => on('ListRuleTypes', '*'),
  };
}

function onWebhooks(prefix: string): PermissionTable<CodePipeline> {
  const onWebhook = (action: string, name: string | undefined) => on(action, `${prefix}webhook:${name}`);
  return {
    PutWebhook: ({ webhook }) => onWebhook('PutWebhook', webhook?.name),
    DeleteWebhook: ({ name }) => onWebhook('DeleteWebhook', name),
    ListWebhooks: () => on('ListWebhooks', '*'),
    RegisterWebhookWithThirdParty: ({ webhookName: name }) => onWebhook('RegisterWebhookWithThirdParty', name),
    DeregisterWebhookWithThirdParty: ({ webhookName: name }) => onWebhook('DeregisterWebhookWithThirdParty', name),
  };
}

function on(action: string, resource: string): Permission {
  return { action: `codepipeline:${action}`, resource };
}

function typeArn(prefix: string, type: TypeName | undefined): string {
  return `${prefix}actiontype:${type?.owner}/${type?.category}/${type?.provider}/${type?.version}`;
}
