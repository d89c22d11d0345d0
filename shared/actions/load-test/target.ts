import { messageOf } from '../../errors.ts';
import { httpClient, type HttpResponse, type SendHttp } from '../../http-client.ts';
import { ActionFailed } from '../result.ts';
import { isAllowed } from '../web/allowed-hosts.ts';
import { shakeHands } from '../web/tls-handshake.ts';

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
const answerMs = 10_000;

/**
 * Asks once, so that no load goes to a site that is down, and follows redirects among the allowed hosts.
 * @returns where the load goes
 * @throws ActionFailed ConfigurationError if it is redirected elsewhere, JobFailed if it is not answered well
 */
export async function findTarget(options: TargetOptions): Promise<URL> {
  const send = httpClient();
  let url = new URL(options.url);
  for (let count = 0; count <= redirectCount; count += 1) {
    const { status, headers, discard } = await ask(send, url, options);
    discard();
    const location = headers.get('location');
    if (status < 300) return url;
    if (status > 399 || location === undefined)
      throw new ActionFailed('JobFailed', `${url.host} answered ${status} before the load began`);
    url = redirected(url, location, options);
  }
  throw new ActionFailed('ConfigurationError', `${url.host} redirects more than ${redirectCount} times; name the page`);
}

/**
 * Makes a TLS handshake before anything is sent, so that no header goes to a host that only says who it is.
 * @throws ActionFailed JobFailed if its certificate is not valid, or it shows none
 */
export async function trustTarget(url: URL, signal: AbortSignal): Promise<URL> {
  if (url.protocol !== 'https:') return url;
  try {
    await shakeHands(url, { limitMs: answerMs, mustBeValid: true });
    return url;
  } catch (cause) {
    signal.throwIfAborted();
    const why = `${url.host} could not be trusted, so no load went there (${messageOf(cause)})`;
    throw new ActionFailed('JobFailed', why, { cause });
  }
}

async function ask(send: SendHttp, url: URL, { headers, signal }: TargetOptions): Promise<HttpResponse> {
  try {
    return await send(url, { headers, signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]) });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ActionFailed('JobFailed', `${url.host} gave no answer before the load began (${messageOf(cause)})`, {
      cause,
    });
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
