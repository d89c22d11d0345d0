import { LocalCloudError } from '../errors.ts';
import { readHolderOf } from '../lock.ts';
import type { ServiceEvent } from '../services/service-module.ts';
import { controlPath, tokenHeader } from './control-route.ts';
import { readGivenEvent } from './given-event.ts';

/**
 * Puts an event on the default bus of the cloud that runs in a folder, from another process.
 * @throws LocalCloudError if it is no event, or no cloud runs there
 */
export async function sendEvent(folder: string, value: unknown): Promise<ServiceEvent> {
  const event = readGivenEvent(value);
  const holder = readHolderOf(folder);
  if (holder?.port === undefined || holder.token === undefined) {
    const state = holder ? 'is starting' : 'is not running';
    throw new LocalCloudError(
      `the local cloud in ${folder} ${state}; start it there, or name its folder with --folder`,
    );
  }
  const response = await post(`http://127.0.0.1:${holder.port}${controlPath}`, holder.token, event, folder);
  if (response.ok) return event;
  throw new LocalCloudError(`the local cloud in ${folder} did not take the event: ${await response.text()}`);
}

async function post(url: string, token: string, event: ServiceEvent, folder: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', [tokenHeader]: token };
  try {
    return await fetch(url, { method: 'POST', headers, body: JSON.stringify(event) });
  } catch (error) {
    // The file of who holds the folder stays behind when a process is killed.
    throw new LocalCloudError(`the local cloud in ${folder} does not answer; start it again there`, { cause: error });
  }
}
