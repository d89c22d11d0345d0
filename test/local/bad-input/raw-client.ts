import { connect } from 'node:net';

/** What came back over a socket; undefined members if the server said nothing. */
export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How to put bytes on a socket. */
export interface RawSending {
  readonly port: number;
  readonly bytes: Buffer;
  /** Ends the connection after the bytes without waiting for an answer. */
  readonly aborts?: boolean;
  /** How long an answer may take. */
  readonly boundMs: number;
  /** Told once when no answer has come for a while: virtual time stands still until somebody moves it. */
  readonly onWaiting?: () => void;
}

/**
 * Sends bytes as they are, well-formed or not, and reads until the server closes.
 * @throws Error if nothing comes within the bound
 */
export function sendRaw({ port, bytes, aborts = false, boundMs, onWaiting }: RawSending): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const parts: Buffer[] = [];
    const waiting = onWaiting ? setTimeout(onWaiting, 300) : undefined;
    const tooLate = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no answer within ${boundMs} ms`));
    }, boundMs);
    socket.on('data', (part) => parts.push(part));
    // A server may close before it has read everything: what it said until then counts.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(waiting);
      clearTimeout(tooLate);
      resolve(parse(Buffer.concat(parts)));
    });
    socket.write(bytes, () => {
      if (aborts) socket.destroy();
    });
  });
}

function parse(received: Buffer): RawAnswer {
  // An informational answer (100 Continue) comes before the real one.
  const text = received.toString('utf8').replace(/^HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r\n]+\r\n)*\r\n/, '');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  const end = text.indexOf('\r\n\r\n');
  const lines = text.slice(0, Math.max(end, 0)).split('\r\n').slice(1);
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  return {
    status: status === undefined ? undefined : Number(status),
    headers: Object.fromEntries(headers),
    body: text.slice(end + 4),
  };
}
