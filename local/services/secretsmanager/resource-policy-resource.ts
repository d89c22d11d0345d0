import { isJsonObject, type JsonObject } from '../../json.ts';
import type { Provisioned, ResourceType } from '../../template/resource.ts';
import type { CloudContext } from '../service-module.ts';
import { AwsError } from '../../errors.ts';
import { validation } from './errors.ts';
import { checkPolicy, setPolicy } from './policy-operations.ts';
import type { Secrets } from './secrets.ts';

/** `AWS::SecretsManager::ResourcePolicy`: `Ref` is the secret's ARN. The policy is kept and told, not evaluated. */
export function resourcePolicyResource(context: CloudContext, secrets: Secrets): ResourceType {
  const put = (properties: JsonObject): Provisioned => {
    const { SecretId: secretId, ResourcePolicy: policy } = properties;
    if (typeof secretId !== 'string')
      throw validation('AWS::SecretsManager::ResourcePolicy: SecretId must be a string.');
    if (!isJsonObject(policy ?? null)) {
      throw validation('AWS::SecretsManager::ResourcePolicy: ResourcePolicy must be an object.');
    }
    const document = checkPolicy(JSON.stringify(policy));
    const { arn } = context.store.transaction(() => setPolicy(secrets, secretId, document));
    return { physicalId: arn, attributes: { Id: arn } };
  };
  return {
    type: 'AWS::SecretsManager::ResourcePolicy',
    replacedBy: ['SecretId'],
    create: put,
    update: (_current, properties) => put(properties),
    delete(current) {
      try {
        context.store.transaction(() => setPolicy(secrets, current.physicalId, undefined));
      } catch (error) {
        // The secret may have gone first, or be on its way.
        if (!(error instanceof AwsError)) throw error;
      }
    },
  };
}
