import type { Compatibility } from '../compatibility.ts';

const guide = 'https://docs.aws.amazon.com/systems-manager/latest/userguide';
const api = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference';

/** What Systems Manager says of itself in docs/compatibility.md. */
export const ssmCompatibility: Compatibility = {
  id: 'ssm',
  title: 'Systems Manager',
  scope: 'Parameter Store.',
  partly: {
    AddTagsToResource: 'for parameters',
    ListTagsForResource: 'for parameters',
    PutParameter: 'parameter policies and the data types of EC2 and integrations are refused; nothing is encrypted',
    RemoveTagsFromResource: 'for parameters',
  },
  refused: [
    { operations: ['LabelParameterVersion', 'UnlabelParameterVersion'], why: 'labels of versions are not kept here' },
  ],
  otherwise: 'only Parameter Store is here',
  resourceTypePrefix: 'AWS::SSM::',
  resourceTypes: {
    'AWS::SSM::Parameter': { answer: 'partly', how: 'types String and StringList, as on AWS; policies are refused' },
  },
  rules: [
    {
      id: 'ssm.parameter.history',
      rule: 'The last 100 versions are kept.',
      source: `${guide}/sysman-paramstore-versions.html`,
    },
    {
      id: 'ssm.parameter.missing',
      rule: 'A parameter or version that does not exist is ParameterNotFound or ParameterVersionNotFound.',
      source: `${api}/API_GetParameter.html`,
    },
    {
      id: 'ssm.parameter.name',
      rule: 'Names have the documented characters, at most 15 levels, and do not begin with aws or ssm.',
      source: `${api}/API_PutParameter.html`,
    },
    {
      id: 'ssm.parameter.overwrite',
      rule: 'A parameter is overwritten only when that is asked for, as a new version that keeps what the overwrite leaves out.',
      source: `${api}/API_PutParameter.html`,
    },
    {
      id: 'ssm.parameter.secure-string',
      rule: 'A secure string is readable only for those who ask for decryption; locally nothing is encrypted.',
      source: `${api}/API_GetParameter.html`,
    },
    {
      id: 'ssm.parameter.selector',
      rule: 'A parameter is answered by name, by name and version, and by ARN.',
      source: `${api}/API_GetParameter.html`,
    },
    {
      id: 'ssm.parameter.size',
      rule: 'A parameter holds 4 KB, or 8 KB in the advanced tier, from which it does not come back.',
      source: `${guide}/parameter-store-advanced-parameters.html`,
    },
    {
      id: 'ssm.parameters.by-path',
      rule: 'GetParametersByPath lists directly below a path, or at any depth.',
      source: `${api}/API_GetParametersByPath.html`,
    },
    {
      id: 'ssm.parameters.filters',
      rule: 'DescribeParameters finds by name, path, type, tier and tag, without the values.',
      source: `${api}/API_DescribeParameters.html`,
    },
    {
      id: 'ssm.parameters.invalid',
      rule: 'GetParameters answers what is there, with the names that are not.',
      source: `${api}/API_GetParameters.html`,
    },
    {
      id: 'ssm.template',
      rule: 'A template’s parameter has a new version only when something changes.',
      source: 'inferred',
    },
  ],
};
