import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { LocalCloudError } from '../errors.ts';
import { failureText } from '../store/full-disk.ts';
import { isLoopbackHost } from './host-header.ts';
import { readBody } from './read-body.ts';
import { holdWhileServing } from './request-hold.ts';
import type { UnsignedRoute, WireRequest, WireResponse } from './service.ts';
import { answerSigned, type SignedRequestContext } from './signed-request.ts';
import { refuseService } from './refuse-service.ts';
import { credentialScope } from './signing/credential-scope.ts';

/** The local cloud's one port. */
export interface HttpServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** Begins to answer, unsigned requests by the longest prefix that fits. Until then every request is told to wait. */
  open(routes: readonly UnsignedRoute[]): void;
  /** Takes no new requests and ends when those under way are answered, after `graceMs` at the latest. */
  close(graceMs?: number): Promise<void>;
}

/** What the port needs. Port 0 takes a free one. */
export interface HttpServerOptions extends SignedRequestContext {
  readonly port: number;
}

const mebibyte = 1024 * 1024;
/** S3 objects are held in memory while they are written; 10 MiB is API Gateway's limit. */
const maxBodyBytes = { s3: 512 * mebibyte, otherService: 70 * mebibyte, unsigned: 10 * mebibyte };
const maxHeaderBytes = 64 * 1024;

/**
 * Listens on 127.0.0.1.
 * @throws LocalCloudError if the port is taken
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  let routes: readonly UnsignedRoute[] | undefined;
  const server = createServer({ maxHeaderSize: maxHeaderBytes, keepAliveTimeout: 65_000 }, (request, response) => {
    void respond(request, response, () => answer(options, routes, request)).catch((cause: unknown) => {
      // A client that left in the middle of its request waits for no answer, and nothing here has failed.
      if (request.destroyed && !request.complete) return;
      options.report(`the port failed: ${failureText(cause)}`);
      response.destroy();
    });
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  await listen(server, options.port);
  // A server that listens on TCP has an address.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    open: (given) => (routes = given.toSorted((a, b) => b.prefix.length - a.prefix.length)),
    close: (graceMs = 5_000) => close(server, graceMs),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(new LocalCloudError(`port ${port} of 127.0.0.1 is taken; stop what uses it, or choose another port`));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function answer(
  options: HttpServerOptions,
  routes: readonly UnsignedRoute[] | undefined,
  incoming: IncomingMessage,
): Promise<WireResponse> {
  if (!isLoopbackHost(incoming.headers.host))
    return refusal(403, 'Forbidden', 'the Host header must be 127.0.0.1 or localhost');
  if (!routes) return refusal(503, 'ServiceUnavailable', 'the local cloud is starting', { 'retry-after': '1' });
  const head = headOf(incoming);
  const route = routes.find(({ prefix }) => head.path.startsWith(prefix));
  if (route) return answerUnsigned(options, route, head, incoming);
  const scope = credentialScope(head);
  if (!scope) {
    const known = routes.map(({ prefix }) => prefix).join(', ');
    return refusal(
      403,
      'MissingAuthenticationToken',
      `Missing Authentication Token: sign the request, or use one of ${known}`,
    );
  }
  const api = options.gateway.describe(scope.service);
  if (!api) return refuseService(scope.service, head);
  const body = await readBody(incoming, api.name === 's3' ? maxBodyBytes.s3 : maxBodyBytes.otherService);
  if (!body) return refusal(413, 'RequestEntityTooLarge', 'the request body is too large');
  return holdWhileServing(options.clock, () => answerSigned(options, api, { ...head, body }, scope));
}

async function answerUnsigned(
  options: HttpServerOptions,
  route: UnsignedRoute,
  head: WireRequest,
  incoming: IncomingMessage,
): Promise<WireResponse> {
  const body = await readBody(incoming, maxBodyBytes.unsigned);
  if (!body) return refusal(413, 'RequestEntityTooLarge', 'Request Entity Too Large');
  try {
    return await holdWhileServing(options.clock, () => route.serve({ ...head, body }));
  } catch (cause) {
    options.report(`${head.method} ${head.path} failed: ${failureText(cause)}`);
    return refusal(500, 'InternalFailure', 'Internal Server Error');
  }
}

function headOf(incoming: IncomingMessage): WireRequest {
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(',');
  }
  return {
    method: incoming.method ?? 'GET',
    path,
    query: query.join('?'),
    headers,
    body: new Uint8Array(),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): WireResponse {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ message }),
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answering: () => Promise<WireResponse>,
): Promise<void> {
  const { status, headers, body } = await answering();
  const hasBody = status !== 204 && status !== 304 && request.method !== 'HEAD';
  const { 'content-length': declared, ...others } = headers;
  const sent: Record<string, string | number | string[]> = {};
  for (const [name, value] of Object.entries(others)) sent[name] = typeof value === 'string' ? value : [...value];
  if (hasBody) sent['content-length'] = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  else if (request.method === 'HEAD' && typeof declared === 'string') sent['content-length'] = declared;
  sent['x-amzn-requestid'] ??= randomUUID();
  // Head and text leave in one write; as bytes the body would be another.
  response.writeHead(status, sent).end(hasBody ? body : undefined);
}
