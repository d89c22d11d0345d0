import type { Compatibility } from '../compatibility.ts';

const cloudFormation = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide';
const guide = 'https://docs.aws.amazon.com/secretsmanager/latest/userguide';
const api = 'https://docs.aws.amazon.com/secretsmanager/latest/apireference';

/** What Secrets Manager says of itself in docs/compatibility.md. */
export const secretsManagerCompatibility: Compatibility = {
  id: 'secretsmanager',
  title: 'Secrets Manager',
  scope: 'Secrets with versions, stages and policies.',
  partly: {
    CreateSecret: 'replication to other regions is refused',
  },
  refused: [
    { operations: ['BatchGetSecretValue', 'ValidateResourcePolicy'], why: 'read and check secrets one by one instead' },
  ],
  otherwise: 'rotation and replication do not run here',
  resourceTypePrefix: 'AWS::SecretsManager::',
  resourceTypes: {
    'AWS::SecretsManager::Secret': { answer: 'partly', how: 'replicas are refused' },
  },
  rules: [
    {
      id: 'secretsmanager.delete.forced',
      rule: 'A forced deletion is at once, and no error for a secret that was not there.',
      source: `${api}/API_DeleteSecret.html`,
    },
    {
      id: 'secretsmanager.delete.window',
      rule: 'A deleted secret is hidden, can be restored within its window of 7 to 30 days, and then goes.',
      source: `${api}/API_DeleteSecret.html`,
    },
    {
      id: 'secretsmanager.list.pages',
      rule: 'Secrets are listed newest first, page by page and filtered, without their values.',
      source: `${api}/API_ListSecrets.html`,
    },
    {
      id: 'secretsmanager.policy',
      rule: 'A resource policy is kept and told, and evaluated for roles.',
      source: `${api}/API_PutResourcePolicy.html`,
    },
    {
      id: 'secretsmanager.secret.create-token',
      rule: 'A secret is created once for one token; another creation under its name is refused.',
      source: `${api}/API_CreateSecret.html`,
    },
    {
      id: 'secretsmanager.secret.name',
      rule: 'A name has at most 512 of the documented characters.',
      source: `${api}/API_CreateSecret.html`,
    },
    {
      id: 'secretsmanager.secret.names',
      rule: 'A secret is answered by its name, its ARN, and its ARN without the six random characters.',
      source: `${guide}/troubleshoot.html`,
    },
    {
      id: 'secretsmanager.template.generate',
      rule: 'A template’s secret has a generated value: 32 characters of every type unless it says otherwise.',
      source: `${cloudFormation}/aws-properties-secretsmanager-secret-generatesecretstring.html`,
    },
    {
      id: 'secretsmanager.template.kept',
      rule: 'A generated value stays until its options change in the template.',
      source: 'inferred',
    },
    {
      id: 'secretsmanager.value.previous',
      rule: 'The value before the current one is AWSPREVIOUS.',
      source: `${guide}/whats-in-a-secret.html`,
    },
    {
      id: 'secretsmanager.value.size',
      rule: 'A value is text or bytes of at most 65,536 bytes.',
      source: `${guide}/reference_limits.html`,
    },
    {
      id: 'secretsmanager.value.stages',
      rule: 'A staging label moves only when the caller names the version that has it.',
      source: `${api}/API_UpdateSecretVersionStage.html`,
    },
    {
      id: 'secretsmanager.value.token',
      rule: 'A value is put once for one client request token.',
      source: `${api}/API_PutSecretValue.html`,
    },
  ],
};
