import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that an SDK client sent. */
export interface AwsRequest {
  /** `DynamoDB_20120810.GetItem`; for REST protocols `GET /bucket/key`. */
  readonly operation: string;
  readonly body: string;
}

/** What it is answered. */
export interface AwsAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string | Uint8Array;
}

/** A loopback server in AWS's place that answers whatever `answer` says at the time, and keeps what it was asked. */
export async function fakeAws() {
  const requests: AwsRequest[] = [];
  const state = { requests, answer: (): AwsAnswer => ({ status: 500, body: '{}' }), url: '' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const target = request.headers['x-amz-target'];
      const operation = typeof target === 'string' ? target : `${request.method} ${request.url}`;
      requests.push({ operation, body: Buffer.concat(chunks).toString('utf8') });
      const { status, headers = {}, body } = state.answer();
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is no string
  state.url = `http://127.0.0.1:${port}`;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()).closeAllConnections());
  return Object.assign(state, { close });
}

/** An error as the JSON protocols write it. */
export function jsonError(name: string, members: object = {}): AwsAnswer {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': name },
    body: JSON.stringify({ __type: `com.amazonaws#${name}`, message: `${name} it is`, ...members }),
  };
}

/** An answer of the JSON protocols. */
export function json(body: object): AwsAnswer {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}
