import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a web server got. */
export interface WebRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** What it answers; `none` hangs up without an answer, `silence` never gives one. */
export type WebReply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'none'
  | 'silence';

/** A server on loopback in the place of somebody's API. */
export interface WebServer {
  readonly url: string;
  readonly requests: WebRequest[];
  close(): Promise<void>;
}

/** Starts a server that answers as `reply` says; a body that is no text is sent as JSON. */
export async function webServer(reply: (request: WebRequest, count: number) => WebReply): Promise<WebServer> {
  const requests: WebRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const got = { method, path: url, headers, text: Buffer.concat(chunks).toString('utf8') };
      requests.push(got);
      send(response, reply(got, requests.length));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is no string
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

function send(response: ServerResponse, reply: WebReply): void {
  if (reply === 'silence') return;
  if (reply === 'none') return void response.destroy();
  const { status, headers = {}, body } = reply;
  const isText = typeof body === 'string' || body === undefined;
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
