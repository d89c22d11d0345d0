import type { Rule } from '../../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide';
const api = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference';

/** What the API of CloudFormation claims, beside what holds for every template. */
export const apiRules: readonly Rule[] = [
  {
    id: 'cloudformation.app.apart',
    rule: 'Applying the app leaves stacks of the API alone, and may not take their names.',
    source: 'inferred',
  },
  {
    id: 'cloudformation.app.not-changed',
    rule: 'A call does not change or delete a stack that the app has.',
    source: 'inferred',
  },
  {
    id: 'cloudformation.app.shown',
    rule: 'The stacks of the app are shown with their outputs and resources.',
    source: 'inferred',
  },
  {
    id: 'cloudformation.capabilities',
    rule: 'A template that makes IAM resources needs the capability for it, and another one if they have names.',
    source: `${guide}/using-iam-template.html`,
  },
  {
    id: 'cloudformation.change-set.changes',
    rule: 'A change set names what is added, modified, replaced and removed, and what is known only later.',
    source: `${guide}/using-cfn-updating-stacks-changesets-view.html`,
  },
  {
    id: 'cloudformation.change-set.delete',
    rule: 'A change set is deleted, and its stack stays as it is.',
    source: `${api}/API_DeleteChangeSet.html`,
  },
  {
    id: 'cloudformation.change-set.failed',
    rule: 'A change set whose execution fails ends as EXECUTE_FAILED.',
    source: `${api}/API_DescribeChangeSet.html`,
  },
  {
    id: 'cloudformation.change-set.no-changes',
    rule: 'A change set without changes fails, in CloudFormation’s words, and cannot be executed.',
    source: `${guide}/troubleshooting.html`,
  },
  {
    id: 'cloudformation.change-set.others',
    rule: 'The other change sets of a stack are gone once one of them is executed.',
    source: `${api}/API_ExecuteChangeSet.html`,
  },
  {
    id: 'cloudformation.change-set.outputs',
    rule: 'Other outputs alone are changes, without one of a resource.',
    source: 'unverified',
  },
  {
    id: 'cloudformation.change-set.pending',
    rule: 'A change set is pending until it has been compared, and is not executed before.',
    source: `${api}/API_DescribeChangeSet.html`,
  },
  {
    id: 'cloudformation.change-set.review',
    rule: 'A change set that makes a stack leaves it in REVIEW_IN_PROGRESS until it is executed.',
    source: `${api}/API_CreateChangeSet.html`,
  },
  {
    id: 'cloudformation.change-set.token',
    rule: 'The same client token gives the same change set; without it a name is taken once.',
    source: `${api}/API_CreateChangeSet.html`,
  },
  {
    id: 'cloudformation.change-set.type',
    rule: 'A change set of type UPDATE wants a stack, one of type CREATE none.',
    source: `${api}/API_CreateChangeSet.html`,
  },
  {
    id: 'cloudformation.change-set.unknown-type',
    rule: 'A change set with a resource type that is not supported fails by its name.',
    source: 'inferred',
  },
  { id: 'cloudformation.operations', rule: 'Every operation is answered, or refused by its name.', source: 'inferred' },
  {
    id: 'cloudformation.parameters.checked',
    rule: 'A parameter is refused when it is missing, unknown, or against what the template allows.',
    source: `${guide}/parameters-section-structure.html`,
  },
  {
    id: 'cloudformation.parameters.previous',
    rule: 'A parameter keeps its previous value when asked, and a NoEcho one is not shown.',
    source: `${guide}/parameters-section-structure.html`,
  },
  {
    id: 'cloudformation.permissions',
    rule: 'A role needs the permission for the operation on the stack that it names.',
    source: 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html',
  },
  {
    id: 'cloudformation.role',
    rule: 'A given role must trust CloudFormation, and what a template reads is read as that role.',
    source: `${guide}/using-iam-servicerole.html`,
  },
  {
    id: 'cloudformation.stack.busy',
    rule: 'A stack takes no second update while one is under way.',
    source: `${guide}/view-stack-events.html`,
  },
  {
    id: 'cloudformation.stack.clean-up',
    rule: 'What an update replaced or left out is deleted once the update is complete.',
    source: `${guide}/using-cfn-updating-stacks-update-behaviors.html`,
  },
  {
    id: 'cloudformation.stack.create',
    rule: 'A stack makes its resources and tells each step in an event.',
    source: `${api}/API_CreateStack.html`,
  },
  {
    id: 'cloudformation.stack.delete',
    rule: 'A deleted stack deletes its resources but the retained ones, and stays known by its id.',
    source: `${api}/API_DeleteStack.html`,
  },
  {
    id: 'cloudformation.stack.delete-missing',
    rule: 'Deleting a stack that does not exist succeeds.',
    source: 'unverified',
  },
  {
    id: 'cloudformation.stack.event',
    rule: 'Each new status of a stack is an event on the default bus, with the token of the request that led to it.',
    source: `${guide}/event-detail-stack-status-change.html`,
  },
  {
    id: 'cloudformation.stack.name',
    rule: 'Names of stacks begin with a letter and hold letters, digits and hyphens, 128 at most.',
    source: `${api}/API_CreateStack.html`,
  },
  {
    id: 'cloudformation.stack.no-updates',
    rule: 'An update that changes nothing is refused with “No updates are to be performed.”',
    source: `${guide}/troubleshooting.html`,
  },
  {
    id: 'cloudformation.stack.on-failure',
    rule: 'OnFailure says whether a creation that failed is rolled back, deleted or left.',
    source: `${api}/API_CreateStack.html`,
  },
  {
    id: 'cloudformation.stack.outputs',
    rule: 'A stack shows its outputs, and exports them to other stacks.',
    source: `${guide}/using-cfn-stack-exports.html`,
  },
  {
    id: 'cloudformation.stack.protection',
    rule: 'A stack with termination protection is not deleted.',
    source: `${guide}/using-cfn-protect-stacks.html`,
  },
  {
    id: 'cloudformation.stack.restart',
    rule: 'Stacks survive a restart, and what was under way goes on where it stopped.',
    source: 'inferred',
  },
  {
    id: 'cloudformation.stack.rollback',
    rule: 'A creation that fails deletes what it made, and the stack can then only be deleted.',
    source: `${guide}/stack-failure-options.html`,
  },
  {
    id: 'cloudformation.stack.token',
    rule: 'One client request token makes one stack.',
    source: `${api}/API_CreateStack.html`,
  },
  {
    id: 'cloudformation.stack.update-rollback',
    rule: 'An update that fails takes back what it changed, replaced, added and removed.',
    source: `${guide}/stack-failure-options.html`,
  },
  {
    id: 'cloudformation.template.checked',
    rule: 'A template that is malformed or too long is refused; YAML and transforms are refused by name.',
    source: `${guide}/cloudformation-limits.html`,
  },
  {
    id: 'cloudformation.template.objects',
    rule: 'Code and definitions that a template names in S3 are read from the S3 of this cloud.',
    source: 'inferred',
  },
  {
    id: 'cloudformation.template.odd',
    rule: 'Odd templates are refused, fail or are rolled back, and never break the service.',
    source: 'inferred',
  },
  {
    id: 'cloudformation.template.references',
    rule: 'A template that refers to what it does not have is refused in CloudFormation’s words.',
    source: `${guide}/troubleshooting.html`,
  },
  {
    id: 'cloudformation.template.summary',
    rule: 'A summary tells the parameters, the types and the capability of a template or of the one that a stack has.',
    source: `${api}/API_GetTemplateSummary.html`,
  },
  {
    id: 'cloudformation.template.url',
    rule: 'A template is read from an object of S3, with the rights of the caller.',
    source: `${api}/API_CreateStack.html`,
  },
];
