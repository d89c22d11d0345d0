import { createHash, timingSafeEqual } from 'node:crypto';
import { LocalCloudError } from '../errors.ts';
import type { UnsignedRoute, WireRequest, WireResponse } from '../gateway/service.ts';
import type { ServiceEvent } from '../services/service-module.ts';
import { readGivenEvent } from './given-event.ts';

/** Where commands reach the running cloud. */
export const controlPath = '/_local/events';

/** Carries the token that only those who may read the folder know. */
export const tokenHeader = 'x-local-cloud-token';

/**
 * The cloud's own control, for commands at the same folder; nothing of AWS. A page in a browser can neither read the
 * token nor send the header.
 */
export function controlRoute(token: string, deliver: (event: ServiceEvent) => void): UnsignedRoute {
  return {
    prefix: controlPath,
    serve: (request) => Promise.resolve(answer(request, token, deliver)),
  };
}

function answer(request: WireRequest, token: string, deliver: (event: ServiceEvent) => void): WireResponse {
  if (!isSame(request.headers[tokenHeader] ?? '', token))
    return refuse(403, 'the token is another one than this cloud has');
  if (request.method !== 'POST' || request.path !== controlPath) return refuse(404, `POST an event to ${controlPath}`);
  try {
    deliver(readGivenEvent(JSON.parse(Buffer.from(request.body).toString('utf8'))));
    return { status: 202, headers: { 'content-type': 'application/json' }, body: '{}' };
  } catch (error) {
    if (error instanceof LocalCloudError) return refuse(400, error.message);
    if (error instanceof SyntaxError) return refuse(400, 'the body is not JSON');
    throw error;
  }
}

function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function refuse(status: number, message: string): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
