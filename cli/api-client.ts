import * as z from 'zod';
import { releaseSchema, type Release } from '../shared/state/release.ts';
import { CliError } from './cli-error.ts';
import type { Connection } from './connection.ts';

const errorSchema = z.object({ error: z.string().optional(), message: z.string() });

/** The API refused a call; `errorName` is the API's own name for why. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly errorName: string;

  constructor(errorName: string, message: string) {
    super(message);
    this.errorName = errorName;
  }
}

/** No answer, or one that says that the failure is on the other side: asking again may help. */
export class ApiUnavailable extends Error {
  override readonly name = 'ApiUnavailable';
}

/** How long one call may take; the API itself ends after 30 s. */
const callTimeoutMs = 35_000;

const timelineSchema = z.object({
  release: releaseSchema,
  timeline: z.array(
    z.object({ n: z.int(), text: z.string(), event: z.looseObject({ type: z.string(), at: z.string() }) }),
  ),
  isFinished: z.boolean(),
});

/** A release with its events behind a number. */
export type Timeline = z.infer<typeof timelineSchema>;

/** Slipway's HTTP API, the same on a laptop and on AWS. */
export interface ApiClient {
  /**
   * Runs a command.
   * @throws ApiRefusal with the API's reason
   */
  command(verb: string, body: object): Promise<unknown>;
  /** A release and its events after number `after`; undefined while the workflow has not recorded it yet. */
  timeline(releaseId: string, after: number): Promise<Timeline | undefined>;
  /** The newest releases. */
  releases(query: { service?: string; limit?: number }): Promise<readonly Release[]>;
}

/** Connects to the API. */
export function apiClient({ url, token }: Connection): ApiClient {
  const call = async (method: string, path: string, body?: object): Promise<{ status: number; value: unknown }> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      signal: AbortSignal.timeout(callTimeoutMs),
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new ApiUnavailable(`Slipway does not answer at ${url} (${reasonOf(error)}); is it running?`);
    });
    return { status: response.status, value: parse(await response.text()) };
  };
  return {
    async command(verb, body) {
      const { status, value } = await call('POST', `/api/commands/${encodeURIComponent(verb)}`, body);
      if (status >= 400) throw refusal(status, value);
      return value;
    },
    async timeline(releaseId, after) {
      const { status, value } = await call('GET', `/api/releases/${encodeURIComponent(releaseId)}?after=${after}`);
      if (status === 404) return undefined;
      if (status >= 400) throw refusal(status, value);
      return timelineSchema.parse(value);
    },
    async releases({ service, limit }) {
      const query = new URLSearchParams({ ...(service && { service }), ...(limit && { limit: String(limit) }) });
      const { status, value } = await call('GET', `/api/releases?${query}`);
      if (status >= 400) throw refusal(status, value);
      return z.object({ releases: z.array(releaseSchema) }).parse(value).releases;
    },
  };
}

function refusal(status: number, value: unknown): Error {
  if (status === 401 || status === 403)
    return new CliError('Slipway refuses the token; run "npm start" again, or read the API token secret anew');
  const read = errorSchema.safeParse(value);
  const reason = read.success ? read.data.message : 'no reason given';
  if (status === 429 || status >= 500)
    return new ApiUnavailable(
      `Slipway answered ${status} (${reason}); the logs of its functions say more (locally: slipway logs)`,
    );
  return new ApiRefusal((read.success && read.data.error) || String(status), reason);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text.slice(0, 200) };
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
