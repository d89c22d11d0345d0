import { LocalCloudError } from '../../errors.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../../template/resource.ts';
import { checkSettings } from './queue-attributes.ts';
import type { SqsState } from './sqs-state.ts';

/** The resource types of SQS. FIFO queues are not supported locally. */
export function sqsResources(state: SqsState): ResourceType[] {
  return [queueType(state), queuePolicyType(state)];
}

function queueType({ queues, context }: SqsState): ResourceType {
  const put = (name: string, properties: JsonObject, { logicalId }: ResourceContext): Provisioned => {
    if (String(properties['FifoQueue'] ?? 'false') === 'true') {
      throw new LocalCloudError(`${logicalId}: FifoQueue of AWS::SQS::Queue is not supported locally`);
    }
    const policy = queues.find(name)?.settings['Policy'];
    const settings = checkSettings(settingsOf(properties));
    context.store.transaction(() => queues.put(name, { ...settings, ...(policy !== undefined && { Policy: policy }) }));
    const url = queues.urlOf(name);
    return { physicalId: url, attributes: { Arn: queues.arnOf(name), QueueName: name, QueueUrl: url } };
  };
  return {
    type: 'AWS::SQS::Queue',
    replacedBy: ['QueueName', 'FifoQueue'],
    create: (properties, resource) => put(newName(properties, resource), properties, resource),
    update: (current, properties, resource) => put(nameOf(current.physicalId), properties, resource),
    delete: ({ physicalId }) => queues.delete(nameOf(physicalId)),
  };
}

/** Properties that are no attributes of the queue. */
const notSettings = new Set(['QueueName', 'FifoQueue', 'Tags']);

function settingsOf(properties: JsonObject): Record<string, string> {
  const given = Object.entries(properties).filter(([name]) => !notSettings.has(name));
  return Object.fromEntries(given.map(([name, value]) => [name, textOf(value)]));
}

function textOf(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function newName(properties: JsonObject, context: ResourceContext): string {
  const name = properties['QueueName'];
  return typeof name === 'string' ? name : context.generateName(80);
}

function nameOf(url: string): string {
  return url.split('/').at(-1) ?? url;
}

/** Keeps the policy as the queue's attribute; who may do what is decided where all policies are evaluated. */
function queuePolicyType({ queues }: SqsState): ResourceType {
  const setPolicy = (properties: JsonObject, policy: string | undefined): void => {
    const urls = properties['Queues'];
    for (const url of Array.isArray(urls) ? urls : []) {
      const queue = queues.find(nameOf(String(url)));
      if (!queue) continue;
      const others = Object.entries(queue.settings).filter(([name]) => name !== 'Policy');
      queues.put(queue.name, { ...Object.fromEntries(others), ...(policy !== undefined && { Policy: policy }) });
    }
  };
  const put = (id: string, properties: JsonObject): Provisioned => {
    setPolicy(properties, JSON.stringify(properties['PolicyDocument'] ?? {}));
    return { physicalId: id, attributes: { Id: id } };
  };
  return {
    type: 'AWS::SQS::QueuePolicy',
    create: (properties, context) => put(context.generateName(128), properties),
    update: ({ physicalId }, properties) => put(physicalId, properties),
    delete: (_current, properties) => setPolicy(properties, undefined),
  };
}
