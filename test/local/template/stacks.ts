import { testUser } from '../../support/cloud-context.ts';
import { AwsError } from '../../../local/errors.ts';
import type { Json, JsonObject } from '../../../local/json.ts';
import { openStore, type Store } from '../../../local/store/store.ts';
import type { Assembly } from '../../../local/template/assembly.ts';
import { applyAssembly, type ApplySurroundings } from '../../../local/template/apply.ts';
import type { FileAsset } from '../../../local/template/assets.ts';
import { recordedTypes } from '../../../local/template/recorded-types.ts';
import type { ResourceType } from '../../../local/template/resource.ts';
import { parseTemplate } from '../../../local/template/template.ts';

export { testUser };

/** A type that writes down what is done to it; `Test::Named` takes its Name as physical id. */
export function testType(log: string[], failOn: { logicalId?: string } = {}): ResourceType {
  return {
    type: 'Test::Thing',
    replacedBy: ['Name'],
    create(properties, context) {
      if (failOn.logicalId === context.logicalId) throw new AwsError('LimitExceeded', 'too many things');
      const physicalId = typeof properties['Name'] === 'string' ? properties['Name'] : context.generateName(64);
      const asset = properties['Asset'];
      if (typeof asset === 'string') context.assetPath('assets-123456789012-us-east-1', asset);
      log.push(`create ${physicalId}`);
      return { physicalId, attributes: { Arn: `arn:thing:${physicalId}`, 'Endpoint.Port': 80 } };
    },
    update(current, properties) {
      log.push(`update ${current.physicalId} ${JSON.stringify(properties['Size'] ?? null)}`);
      return current;
    },
    delete: (current) => void log.push(`delete ${current.physicalId}`),
  };
}

/** Stacks in memory, applied to one store as a start would. */
export function testStacks(options: { failOn?: { logicalId?: string } } = {}) {
  const store: Store = openStore(':memory:');
  const log: string[] = [];
  const ssm = new Map<string, string>();
  const secrets = new Map<string, string>();
  const surroundings: ApplySurroundings = {
    store,
    types: new Map([testType(log, options.failOn), ...recordedTypes(place)].map((type) => [type.type, type] as const)),
    account: place.account,
    region: place.region,
    reader: {
      async handle({ service, input }) {
        // The reader sends these members.
        const { Name, SecretId } = input as { Name?: string; SecretId?: string };
        const value = service === 'ssm' ? ssm.get(Name ?? '') : secrets.get(SecretId ?? '');
        if (value === undefined) throw new AwsError('ParameterNotFound', 'no such parameter');
        return service === 'ssm' ? { Parameter: { Value: value } } : { SecretString: value };
      },
    },
  };
  return {
    store,
    log,
    ssm,
    secrets,
    apply: (templates: Record<string, JsonObject>, assets: FileAsset[] = []) =>
      applyAssembly(assembly(templates, assets), surroundings),
  };
}

export const place = { account: '123456789012', region: 'us-east-1' };

function assembly(templates: Record<string, JsonObject>, assets: FileAsset[]): Assembly {
  const stacks = Object.entries(templates).map(([name, template]) => ({
    name,
    template: parseTemplate(template, name),
  }));
  return { folder: '/nowhere', stacks, assets, environment: {} };
}

/** A `Test::Thing` as a template has it. */
export function thing(properties: JsonObject = {}, more: Record<string, Json> = {}): JsonObject {
  return { Type: 'Test::Thing', Properties: properties, ...more };
}
