import { messageOf } from '../../errors.ts';
import { ActionFailed } from '../result.ts';
import { isAllowed } from '../allowed-hosts.ts';

/** What is asked before the load begins. */
export interface TargetOptions {
  readonly url: string;
  readonly allowedHosts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** Headers stay with the origin that they were meant for. */
  readonly hasSecrets: boolean;
  readonly signal: AbortSignal;
}

const redirectCount = 5;

/**
 * Asks once, so that no load goes to a site that is down, and follows redirects among the allowed hosts.
 * @returns where the load goes
 * @throws ActionFailed ConfigurationError if it is redirected elsewhere, JobFailed if it is not answered well
 */
export async function findTarget(options: TargetOptions): Promise<URL> {
  let url = new URL(options.url);
  for (let count = 0; count <= redirectCount; count += 1) {
    const response = await ask(url, options);
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.ok) return url;
    if (response.status < 300 || response.status > 399 || location === null)
      throw new ActionFailed('JobFailed', `${url.host} answered ${response.status} before the load began`);
    url = redirected(url, location, options);
  }
  throw new ActionFailed('ConfigurationError', `${url.host} redirects more than ${redirectCount} times; name the page`);
}

async function ask(url: URL, { headers, signal }: TargetOptions): Promise<Response> {
  try {
    return await fetch(url, {
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
    });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = messageOf(cause instanceof Error ? (cause.cause ?? cause) : cause);
    throw new ActionFailed('JobFailed', `${url.host} gave no answer before the load began (${reason})`, { cause });
  }
}

/** A location may hold a token, so messages name its host alone. */
function redirected(from: URL, location: string, { allowedHosts, hasSecrets }: TargetOptions): URL {
  const to = URL.parse(location, from.href);
  if (!to || !/^https?:$/.test(to.protocol))
    throw new ActionFailed('ConfigurationError', `${from.host} redirects to what is no URL; name the page itself`);
  if (!isAllowed(to, allowedHosts))
    throw new ActionFailed(
      'ConfigurationError',
      `${from.host} redirects to ${to.host}, which is not among allowedHosts; load goes nowhere else`,
    );
  if (hasSecrets && to.origin !== from.origin)
    throw new ActionFailed(
      'ConfigurationError',
      `${from.host} redirects to ${to.host}, which its secrets are not meant for; give the URL that it redirects to`,
    );
  return to;
}
