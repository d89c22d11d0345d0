import { intrinsicFunctions } from '../../template/intrinsic-functions.ts';
import type { Compatibility } from '../compatibility.ts';
import { apiRules } from './compatibility/api-rules.ts';

const guide = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide';

/** Of every operation that takes a template. */
const given = 'JSON templates; whether the caller or the role may make each resource is not evaluated';

/** What CloudFormation says of itself in docs/compatibility.md. */
export const cloudFormationCompatibility: Compatibility = {
  id: 'cloudformation',
  title: 'CloudFormation',
  scope:
    'Templates of a CDK app are applied at start and when they change; stacks and change sets of the API beside them, with rollback.',
  partly: {
    CreateChangeSet: `${given}; no imports, nested stacks, resource type lists or rollback triggers`,
    CreateStack: `${given}; no stack policies, timeouts or rollback triggers`,
    DeleteStack: 'not of a stack that the app has; no forced deletion; that others import an export is not looked at',
    DescribeChangeSet: 'changes without the contexts before and after',
    DescribeStacks: 'the app’s stacks as made when the cloud was started',
    GetTemplate: 'not of a stack that the app has',
    GetTemplateSummary: 'not of a stack that the app has; of parameters type and default, no identifiers of resources',
    UpdateStack: `${given}; no stack policies or rollback triggers`,
    ValidateTemplate: 'TemplateBody only; capabilities are not told',
  },
  otherwise: 'stack sets, drift, refactoring, hooks, the registry of types and scans are not here',
  resourceTypePrefix: 'AWS::CloudFormation::',
  features: [
    {
      title: 'Templates',
      features: [
        ...['Ref', ...Object.keys(intrinsicFunctions)].map((name) => ({ name: `\`${name}\``, answer: 'yes' as const })),
        { name: 'Conditions, mappings, outputs, exports and imports', answer: 'yes' },
        { name: 'Parameters', answer: 'partly', how: 'those with a default or a value, also of SSM types' },
        { name: 'Dynamic references to parameters and secrets', answer: 'yes' },
        { name: 'DependsOn, DeletionPolicy, UpdateReplacePolicy', answer: 'yes' },
        {
          name: 'Other intrinsic functions, transforms, macros, nested stacks',
          answer: 'no',
          how: 'refused with the place',
        },
        { name: 'File assets of CDK', answer: 'yes' },
        { name: 'Image assets of CDK', answer: 'no', how: 'containers do not run here' },
        {
          name: 'Custom resources',
          answer: 'partly',
          how: 'those whose handler is a function for Node.js, or a helper of CDK that is recorded',
        },
      ],
    },
  ],
  rules: [
    ...apiRules,
    {
      id: 'cloudformation.apply.left',
      rule: 'What has left the template is deleted in reverse order, and so are whole stacks that left the app.',
      source: 'inferred',
    },
    {
      id: 'cloudformation.apply.order',
      rule: 'Resources are created after what they refer to.',
      source: `${guide}/aws-attribute-dependson.html`,
    },
    {
      id: 'cloudformation.apply.replacement',
      rule: 'What refers to a replaced resource is updated, and then the old resource is deleted.',
      source: `${guide}/using-cfn-updating-stacks-update-behaviors.html`,
    },
    {
      id: 'cloudformation.apply.resumed',
      rule: 'After a failure the next apply goes on where this one stopped; nothing is rolled back.',
      source: 'inferred',
    },
    {
      id: 'cloudformation.apply.unchanged',
      rule: 'Nothing is touched when nothing has changed.',
      source: `${guide}/using-cfn-updating-stacks-update-behaviors.html`,
    },
    { id: 'cloudformation.assembly.order', rule: 'Stacks come after those that they depend on.', source: 'inferred' },
    {
      id: 'cloudformation.conditions',
      rule: 'Resources and outputs whose condition is false are left out.',
      source: `${guide}/conditions-section-structure.html`,
    },
    {
      id: 'cloudformation.custom-resource.answer',
      rule: 'An answer is taken once, at the response URL.',
      source: `${guide}/crpg-ref-responses.html`,
    },
    {
      id: 'cloudformation.custom-resource.create',
      rule: 'A custom resource is created by its function, whose data are its attributes.',
      source: `${guide}/template-custom-resources.html`,
    },
    {
      id: 'cloudformation.custom-resource.delete',
      rule: 'A custom resource is deleted before its function when both leave the template.',
      source: `${guide}/crpg-ref-requesttypes-delete.html`,
    },
    {
      id: 'cloudformation.custom-resource.failure',
      rule: 'An answer of FAILED, or none that can be read, stops the apply with the logical id and the reason.',
      source: `${guide}/crpg-ref-responses.html`,
    },
    {
      id: 'cloudformation.custom-resource.recorded',
      rule: 'Helpers of CDK whose handlers do not run here are recorded only, with the reason.',
      source: 'inferred',
    },
    {
      id: 'cloudformation.custom-resource.replace',
      rule: 'A custom resource whose physical id changes is replaced: the old one is deleted.',
      source: `${guide}/crpg-ref-requesttypes-update.html`,
    },
    {
      id: 'cloudformation.custom-resource.update',
      rule: 'A custom resource is updated with what it was before.',
      source: `${guide}/crpg-ref-requesttypes-update.html`,
    },
    {
      id: 'cloudformation.deletion-policy',
      rule: 'What its DeletionPolicy retains is kept, and said.',
      source: `${guide}/aws-attribute-deletionpolicy.html`,
    },
    {
      id: 'cloudformation.dynamic-references',
      rule: 'Dynamic references are resolved for the resource and recorded as references.',
      source: `${guide}/dynamic-references.html`,
    },
    {
      id: 'cloudformation.exports',
      rule: 'Exports of one stack are imported by the next.',
      source: `${guide}/using-cfn-stack-exports.html`,
    },
    {
      id: 'cloudformation.intrinsics',
      rule: 'The intrinsic functions are resolved as documented.',
      source: `${guide}/intrinsic-function-reference.html`,
    },
    {
      id: 'cloudformation.names',
      rule: 'A generated name is the same at every start, and another one for a replacement.',
      source: 'inferred',
    },
    {
      id: 'cloudformation.no-value',
      rule: 'Members and elements that are AWS::NoValue are dropped.',
      source: `${guide}/pseudo-parameter-reference.html`,
    },
    {
      id: 'cloudformation.parameters.ssm',
      rule: 'Parameters of SSM types are read from Parameter Store.',
      source: `${guide}/cloudformation-supplied-parameter-types.html`,
    },
    {
      id: 'cloudformation.recorded',
      rule: 'Types that are recorded only answer Ref and GetAtt in CloudFormation’s formats, and are listed.',
      source: 'inferred',
    },
    {
      id: 'cloudformation.unknown-type',
      rule: 'A type that is not supported is refused with stack and logical id, and nothing is changed.',
      source: 'inferred',
    },
    {
      id: 'cloudformation.update-replace-policy',
      rule: 'What its UpdateReplacePolicy retains is kept when it is replaced.',
      source: `${guide}/aws-attribute-updatereplacepolicy.html`,
    },
  ],
};
