import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a listener got. */
export interface Heard {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Record<string, string>;
  readonly text: string;
}

/** An HTTP endpoint on loopback that writes down what it hears. */
export interface HttpListener {
  readonly url: string;
  readonly heard: Heard[];
  /** What it answers from now on. */
  status: number;
  close(): Promise<void>;
}

/** Starts listening on a free port. */
export async function listen(): Promise<HttpListener> {
  const listener = { heard: [] as Heard[], status: 200 };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {};
      listener.heard.push({ headers: request.headers, body, text });
      response.writeHead(listener.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(listener, {
    url: `http://127.0.0.1:${port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}
