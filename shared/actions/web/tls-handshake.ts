import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { networkProblem } from '../../http-client.ts';

/** How a handshake is made. */
export interface HandshakeOptions {
  readonly limitMs: number;
  /** Whether the certificate must be trusted, be of the host, and not be over: what a request asks of it. */
  readonly mustBeValid: boolean;
}

/**
 * Makes a TLS handshake with the host of a URL, and sends nothing.
 * @returns when the certificate ends, in the words of `getPeerCertificate`
 * @throws Error whose message is one line
 */
export async function shakeHands({ hostname, port }: URL, options: HandshakeOptions): Promise<string> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect({
    ...{ host, port: Number(port || 443), rejectUnauthorized: options.mustBeValid },
    ...(isIP(host) === 0 && { servername: host }),
  });
  socket.setTimeout(options.limitMs, () => socket.destroy(new Error('no answer in time')));
  socket.on('secureConnect', () => resolve(socket.getPeerCertificate().valid_to));
  socket.on('error', reject);
  socket.on('end', () => reject(new Error('it hung up')));
  try {
    return await promise;
  } catch (cause) {
    throw new Error(networkProblem(cause), { cause });
  } finally {
    socket.destroy();
  }
}
