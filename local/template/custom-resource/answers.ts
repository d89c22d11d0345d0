import { randomBytes } from 'node:crypto';
import type { UnsignedRoute, WireRequest, WireResponse } from '../../gateway/service.ts';

/** Below this prefix functions answer CloudFormation. */
const answersPrefix = '/_cloudformation/';

/** CloudFormation refuses what is longer. */
const maxAnswerBytes = 4096;

/** One answer that is waited for. */
export interface ExpectedAnswer {
  /** What the function is given as ResponseURL. */
  readonly url: string;
  /** The text that is put there; rejected if it is too long. */
  readonly text: Promise<string>;
  /** Ends the waiting: whoever comes later is refused. */
  forget(): void;
}

/** The answers that functions of custom resources send to their ResponseURL. */
export interface Answers {
  readonly route: UnsignedRoute;
  expect(): ExpectedAnswer;
}

interface Waiting {
  resolve(text: string): void;
  reject(error: Error): void;
}

/** Makes the place where answers arrive. The secret part of each URL is good for one answer. */
export function openAnswers(endpoint: string): Answers {
  const waiting = new Map<string, Waiting>();
  return {
    route: { prefix: answersPrefix, serve: (request) => Promise.resolve(take(request, waiting)) },
    expect() {
      const token = randomBytes(24).toString('base64url');
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      // Whoever waits is told by the promise itself; nobody may wait any more when it fails.
      promise.catch(() => undefined);
      waiting.set(token, { resolve, reject });
      return {
        url: `${endpoint}${answersPrefix}answers/${token}`,
        text: promise,
        forget: () => void waiting.delete(token),
      };
    },
  };
}

function take(request: WireRequest, waiting: Map<string, Waiting>): WireResponse {
  if (request.method !== 'PUT') return refusal(405, 'the answer of a custom resource is sent by PUT');
  const token = request.path.slice(`${answersPrefix}answers/`.length);
  const expected = waiting.get(token);
  if (!expected) return refusal(403, 'nobody waits for this answer: it was given already, or came too late');
  waiting.delete(token);
  if (request.body.byteLength > maxAnswerBytes) {
    const length = `${request.body.byteLength} bytes, allowed are ${maxAnswerBytes}`;
    expected.reject(new Error(`Response object is too long: ${length}`));
  } else {
    expected.resolve(Buffer.from(request.body).toString('utf8'));
  }
  return { status: 200, headers: {}, body: '' };
}

function refusal(status: number, message: string): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
