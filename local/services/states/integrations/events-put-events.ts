import { isJsonObject, type Json } from '../../../json.ts';
import { StateFailure } from '../errors.ts';
import { callAws, optimizedSpelling, withTexts } from './call-aws.ts';
import type { Integration, TaskCall } from './integration.ts';

/**
 * `events:putEvents`; a Detail may be JSON. Each entry's Resources also name the machine and the execution, and one entry
 * that fails fails the task with `EventBridge.FailedEntry`.
 */
export const eventsPutEvents: Integration = {
  name: 'events:putEvents',
  patterns: ['request-response', 'waitForTaskToken'],
  matches: ({ service, action }) => service === 'events' && action === 'putEvents',
  async call(task) {
    const output = await callAws(task, {
      service: 'events',
      operation: 'PutEvents',
      arguments: withEntries(task),
      spelling: optimizedSpelling('EventBridge', 'AmazonEventBridge', 'AmazonEventBridgeException'),
    });
    if (output['FailedEntryCount'] !== 0) {
      throw new StateFailure({ error: 'EventBridge.FailedEntry', cause: JSON.stringify(output) });
    }
    return output;
  },
};

function withEntries(task: TaskCall): Json {
  const { arguments: given } = task;
  if (!isJsonObject(given) || !Array.isArray(given['Entries'])) return given;
  const entries = given['Entries'].map((entry) => {
    if (!isJsonObject(entry)) return entry;
    const own = Array.isArray(entry['Resources']) ? entry['Resources'] : [];
    return withTexts({ ...entry, Resources: [...own, task.machineArn, task.executionArn] }, ['Detail']);
  });
  return { ...given, Entries: entries };
}
