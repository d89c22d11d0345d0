import type { Compatibility } from '../compatibility.ts';

/** What Secrets Manager says of itself in docs/compatibility.md. */
export const secretsManagerCompatibility: Compatibility = {
  id: 'secretsmanager',
  title: 'Secrets Manager',
  scope: 'Secrets with versions, stages and policies.',
  otherwise: 'rotation and replication have no local behaviour',
  resourceTypePrefix: 'AWS::SecretsManager::',
  rules: [],
};
