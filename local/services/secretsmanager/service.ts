import * as schemas from '@aws-sdk/client-secrets-manager';
import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { defineService } from '../../gateway/service.ts';
import type { OpenService } from '../service-module.ts';
import { deletionOperations } from './deletion-operations.ts';
import { describeOperations } from './describe-operations.ts';
import { secretPolicyOf, secretsManagerPermissions } from './permissions.ts';
import { policyOperations } from './policy-operations.ts';
import { resourcePolicyResource } from './resource-policy-resource.ts';
import { secretOperations } from './secret-operations.ts';
import { secretResource } from './secret-resource.ts';
import { openSecrets } from './secrets.ts';
import { valueOperations } from './value-operations.ts';

/** Secrets Manager: values, versions and their labels; rotation and replication are not here. */
export const openSecretsManager: OpenService = (context) => {
  const secrets = openSecrets(context.store);
  return {
    api: defineService<SecretsManager>({
      name: 'secretsmanager',
      schemas,
      protocol: { kind: 'json', version: '1.1' },
      operations: {
        ...secretOperations(context, secrets),
        ...describeOperations(secrets),
        ...valueOperations(context, secrets),
        ...deletionOperations(context, secrets),
        ...policyOperations(context, secrets),
      },
    }),
    permissions: secretsManagerPermissions(context, secrets),
    resourcePolicy: secretPolicyOf(secrets),
    resources: [secretResource(context, secrets), resourcePolicyResource(context, secrets)],
  };
};
