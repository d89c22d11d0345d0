import type { Revision } from '../events/event.ts';
import type { Service } from '../services/service.ts';

/** What infra reads of a trigger: it makes the route, the secret and a function of its own with least privilege. */
export interface TriggerDeclaration {
  /** Equals the folder's name. */
  readonly id: string;
  /** Method and path at the HTTP API, as a route key. */
  readonly route: `POST /${string}`;
  readonly maxBodyBytes: number;
  /** Says in Secrets Manager what the secret is for and who else knows it. */
  readonly secretDescription: string;
}

/** A request as it came: header names in lower case, the body's exact bytes. */
export interface RawRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** Whether a service is meant: not at all, yes, or one that this event does not release and why. */
export type Match = 'unrelated' | 'wanted' | { readonly ignored: string };

/** What a verified request asks for. */
export type Reading =
  | { readonly kind: 'ping' }
  | { readonly kind: 'ignored'; readonly reason: string }
  | {
      readonly kind: 'asked';
      /** What the request is about, for the message when no service is: `repository acme/checkout`. */
      readonly about: string;
      /** What to declare so that a service is meant. */
      readonly remedy: string;
      match(service: Service): Match;
      readonly revision?: Revision;
      readonly requestedBy: string;
      readonly reason?: string;
      /** Recorded only: it is not signed. */
      readonly deliveryId?: string;
    };

/**
 * A source of webhooks: a folder with `declaration.ts` and `<id>.ts`, which exports it as `trigger`, and one line in
 * `registry.ts`. Both functions are pure.
 */
export interface Trigger {
  readonly declaration: TriggerDeclaration;
  /** Checks the signature over the raw bytes in constant time against each valid secret, before anything is parsed. */
  verify(request: RawRequest, secrets: readonly string[]): 'valid' | { readonly refused: string };
  /** @throws InvalidInput when the body is not what the provider sends */
  read(request: RawRequest): Reading;
}
