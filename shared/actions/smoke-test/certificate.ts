import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { messageOf } from '../../errors.ts';
import { ActionFailed } from '../result.ts';

const dayMs = 86_400_000;

/** How many whole days are left until a date; negative once it is over. */
export function daysUntil(validTo: string, nowMs: number): number {
  return Math.floor((Date.parse(validTo) - nowMs) / dayMs);
}

/**
 * When the certificate of a URL's host ends. Nothing is sent, so the certificate need not be valid; whether it is the
 * requests find out.
 * @throws ActionFailed ConfigurationError if the URL has no certificate, JobFailed if the host does not show one
 */
export async function certificateEnd(url: string, limitMs: number): Promise<string> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:')
    throw new ActionFailed('ConfigurationError', `${url} has no certificate; certificateDays needs a URL with https:`);
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({
    host,
    port: Number(port || 443),
    rejectUnauthorized: false,
    ...(isIP(host) === 0 && { servername: host }),
  });
  socket.setTimeout(limitMs, () => socket.destroy(new Error('no answer in time')));
  socket.on('secureConnect', () => resolve(socket.getPeerCertificate().valid_to));
  socket.on('error', reject);
  try {
    return await promise;
  } catch (cause) {
    throw new ActionFailed('JobFailed', `${host} shows no certificate (${messageOf(cause)})`, { cause });
  } finally {
    socket.destroy();
  }
}
