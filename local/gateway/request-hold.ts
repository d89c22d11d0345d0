import { AsyncLocalStorage } from 'node:async_hooks';
import type { CloudClock } from '../clock/clock.ts';

interface OpenRequest {
  readonly clock: CloudClock;
  release: () => void;
}

const openRequests = new AsyncLocalStorage<OpenRequest>();

/** Holds the clock while a request is served, since its caller waits on real time. */
export async function holdWhileServing<T>(clock: CloudClock, serve: () => Promise<T>): Promise<T> {
  const request: OpenRequest = { clock, release: clock.hold() };
  try {
    return await openRequests.run(request, serve);
  } finally {
    request.release();
  }
}

/** Lets the clock go for as long as the request that is being served waits on service time, as a long poll does. */
export async function waitOnServiceTime<T>(wait: Promise<T>): Promise<T> {
  const request = openRequests.getStore();
  if (!request) return wait;
  request.release();
  try {
    return await wait;
  } finally {
    request.release = request.clock.hold();
  }
}
