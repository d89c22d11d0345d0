import { guide, reference, rulesOf } from './rules-of.ts';

const cloudTrail =
  'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html';
const identity =
  'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html';
const viaCloudTrail = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html';

/** Events on the default bus, tags, and what the API answers as a whole. */
export const eventRules = rulesOf({
  [guide('detect-state-changes-cloudwatch-events')]: {
    'events.kinds': 'Events are of three kinds, from aws.codepipeline, with the pipeline’s ARN as their resource.',
    'events.shape': 'Events have the documented members.',
    'events.order': 'A run tells each change once, an action before its stage, a stage before the pipeline.',
    'events.states': 'States are in capitals; ABANDONED is only an action’s.',
    'events.canceled': 'CANCELED has one L.',
    'events.trigger': 'Only STARTED of a pipeline tells what started it.',
    'events.stop-comments': 'STOPPING of a pipeline tells the comment.',
    'events.artifacts': 'STARTED of an action tells input artifacts, SUCCEEDED output artifacts.',
    'events.result': 'The end of an action tells its external execution, and the code of its error.',
    'events.regions': 'The region inside is the action’s, the one around it the pipeline’s.',
    'events.rejected': 'A rejected approval is FAILED of the category Approval.',
  },
  [cloudTrail]: {
    'cloudtrail.shape': 'A call is told with who made it, its parameters and its answer.',
  },
  [identity]: {
    'cloudtrail.caller': 'The caller is a user, a role with its session, or a service.',
  },
  [viaCloudTrail]: {
    'cloudtrail.rule': 'A rule on the default bus matches what was called and with which parameters.',
    'cloudtrail.changes': 'Calls that change pipelines, executions or action types are told, those that read are not.',
  },
  [guide('tag-resources')]: {
    'tags.resources': 'Pipelines and custom action types have tags.',
  },
  [guide('customactions-tag')]: {
    'tags.deleted-type': 'The tags of a custom action type go with it.',
  },
  [reference('ListTagsForResource')]: {
    'tags.one-page': 'All tags are listed in one call.',
    'tags.unknown': 'An ARN that is malformed, elsewhere or of nothing is refused.',
  },
  [reference('GetActionType')]: {
    'action-type.external': 'Only types of external providers are told and updated, and none are registered here.',
  },
  [reference('UpdateActionType')]: {
    'action-type.bounds': 'A type of an external provider keeps to its bounds.',
  },
  [reference('ListActionTypes')]: {
    'action-type.list': 'Every type that runs here is listed, with its configuration and artifacts.',
  },
  [reference('ListDeployActionExecutionTargets')]: {
    'deploy-targets.none': 'An action that has no targets tells none; an unknown execution is refused.',
  },
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-codepipeline-pipeline.html': {
    'resources.tags': 'A template’s tags are the pipeline’s, beside those that somebody has added.',
    'resources.transitions': 'DisableInboundStageTransitions disables transitions, until the template does not.',
  },
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-codepipeline-customactiontype.html': {
    'resources.custom-action-type':
      'A template’s custom action type is made with its tags, and marked deleted with it.',
  },
  [reference('Operations')]: {
    'operations.known': 'Every operation of the SDK’s client is answered, or refused with a reason.',
    'protocol.sdk': 'An unchanged SDK client takes a pipeline through its whole life.',
    'protocol.exceptions': 'An SDK client gets the documented exceptions as its own classes.',
  },
  inferred: {
    'events.numbers': 'The pipeline’s version in an event is a number, the action type’s a string.',
    'events.action-started': 'STARTED of an action is told before its function is invoked.',
    'cloudtrail.refused': 'A call that is refused is not told.',
    'cloudtrail.secrets': 'Secrets and the tokens of approvals are HIDDEN_DUE_TO_SECURITY_REASONS in it.',
    'cloudtrail.template': 'What a template asks for is told of CloudFormation.',
    'third-party.refused': 'The operations of partners’ jobs are refused by name.',
    'webhooks.refused': 'The operations of webhooks are refused by name: GitHub (version 1) is not here.',
  },
  unverified: {
    'events.action-execution-id': 'An action’s event names its action execution.',
  },
});
