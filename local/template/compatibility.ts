import type { Compatibility } from '../services/compatibility.ts';

/** What CloudFormation says of itself in docs/compatibility.md. */
export const cloudFormationCompatibility: Compatibility = {
  id: 'cloudformation',
  title: 'CloudFormation',
  scope: 'Templates of a CDK app are applied at start and when they change.',
  otherwise: 'stacks come from the CDK app, not through the API',
  resourceTypePrefix: 'AWS::CloudFormation::',
  rules: [
    {
      id: 'cloudformation.custom-resource.answer',
      rule: 'is taken once, and from whoever knows its URL',
      source: 'unverified',
    },
    {
      id: 'cloudformation.custom-resource.create',
      rule: 'is created by its function, whose data are its attributes',
      source: 'unverified',
    },
    {
      id: 'cloudformation.custom-resource.delete',
      rule: 'is deleted before its function when both leave the template',
      source: 'unverified',
    },
    {
      id: 'cloudformation.custom-resource.failure',
      rule: '%j stops the apply by the logical id and the reason',
      source: 'unverified',
    },
    {
      id: 'cloudformation.custom-resource.recorded',
      rule: '… is recorded only, with its function and the reason',
      source: 'unverified',
    },
    {
      id: 'cloudformation.custom-resource.replace',
      rule: 'is replaced when its physical id changes: the old one is deleted',
      source: 'unverified',
    },
    { id: 'cloudformation.custom-resource.update', rule: 'is updated with what it was before', source: 'unverified' },
  ],
};
