import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { httpClient } from '../../shared/http-client.ts';

let server: Server | undefined;
afterEach(() => server?.close().closeAllConnections());

async function serve(listener: RequestListener): Promise<string> {
  const open = (server = createServer(listener));
  await new Promise<void>((resolve) => open.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(open.address() as AddressInfo).port}`; // a TCP server's address is no string
}

const bytes = (body: AsyncIterable<Uint8Array>): Promise<string> => text(body);

describe('an HTTP client', () => {
  it('sends a body with its length, and gives the answer with its headers in any case', async () => {
    const url = await serve((request, response) => {
      const { method, url: path, headers } = request;
      void text(request).then((body) => {
        response.writeHead(201, { 'X-Twice': ['a', 'b'] });
        response.end(JSON.stringify({ method, path, body, length: headers['content-length'], own: headers['x-own'] }));
      });
    });
    const sent = { method: 'PUT', headers: { 'x-own': '1' }, body: Buffer.from('grün') };
    const { status, headers, body } = await httpClient()(`${url}/a?b=c`, sent);
    expect({ status, twice: headers.get('x-TWICE'), none: headers.get('x-none') }).toEqual({
      ...{ status: 201, twice: 'a, b', none: undefined },
    });
    expect(JSON.parse(await bytes(body))).toEqual({
      ...{ method: 'PUT', path: '/a?b=c', body: 'grün', length: '5', own: '1' },
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('decodes what comes as %s', async (coding, compress) => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': coding }).end(compress('a page'));
    });
    expect(await bytes((await httpClient()(url)).body)).toBe('a page');
  });

  it.each([
    ['HEAD', 200],
    ['POST', 204],
    ['GET', 304],
  ])('reads nothing where %s is answered %i, whatever coding is named', async (method, status) => {
    const url = await serve((_request, response) => {
      response.writeHead(status, { 'content-encoding': 'gzip' }).end();
    });
    expect(await bytes((await httpClient()(url, { method })).body)).toBe('');
  });

  it('reads what came of a page whose coding has no end', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'x-gzip' }).end(gzipSync('a page').subarray(0, -8));
    });
    expect(await bytes((await httpClient()(url)).body)).toBe('a page');
  });

  it('says who asks and takes any answer, unless it is told otherwise', async () => {
    const url = await serve(({ headers }, response) => void response.end(`${headers['user-agent']} ${headers.accept}`));
    expect(await bytes((await httpClient()(url)).body)).toBe('slipway */*');
    const headers = { 'User-Agent': 'shop', Accept: 'text/html' };
    expect(await bytes((await httpClient()(url, { headers })).body)).toBe('shop text/html');
  });

  it('reads headers in UTF-8, which many servers write', async () => {
    const url = await serve((_request, response) => {
      response
        .writeHead(302, { location: Buffer.from('/größe').toString('latin1'), 'x-latin': 'gr\u00f6\u00dfe' })
        .end();
    });
    const { headers } = await httpClient()(url);
    expect([headers.get('location'), headers.get('x-latin')]).toEqual(['/größe', 'größe']);
  });

  it.each(['PUT', 'POST'])('brings a %s to a server that closes the kept connection', async (method) => {
    const got: string[] = [];
    const served = new Map<object, number>();
    const url = await serve((request, response) => {
      const count = (served.get(request.socket) ?? 0) + 1;
      served.set(request.socket, count);
      if (count > 1) return void request.socket.destroy();
      void text(request).then((body) => {
        got.push(body);
        response.end('ok');
      });
    });
    const send = httpClient();
    for (const body of ['1', '2', '3']) expect(await bytes((await send(url, { method, body })).body)).toBe('ok');
    expect(got).toEqual(['1', '2', '3']);
  });

  it('never repeats by itself what may have been done', async () => {
    let count = 0;
    const url = await serve((request, response) => {
      if (request.method !== 'POST') return void response.end('ok');
      count += 1;
      request.socket.destroy();
    });
    const send = httpClient();
    await bytes((await send(url)).body);
    await expect(send(url, { method: 'POST', body: 'x' })).rejects.toThrow('socket hang up');
    expect(count).toBe(1);
  });

  it('does not send again what was lost on a new connection', async () => {
    let count = 0;
    const url = await serve((request) => {
      count += 1;
      request.socket.destroy();
    });
    await expect(httpClient()(url)).rejects.toThrow('socket hang up');
    expect(count).toBe(1);
  });

  it('fails to read what is not compressed as it says', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain');
    });
    const { body } = await httpClient()(url);
    await expect(bytes(body)).rejects.toThrow('incorrect header check');
  });

  it('keeps its connection from one request to the next', async () => {
    const url = await serve((_request, response) => void response.end('ok'));
    let connectionCount = 0;
    server?.on('connection', () => (connectionCount += 1));
    const send = httpClient();
    for (let count = 0; count < 3; count += 1) await bytes((await send(url)).body);
    expect(connectionCount).toBe(1);
  });

  it('fails when nobody listens, with the reason alone', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    const failure: unknown = await httpClient()(`${url}/?token=s3cr3t`).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ message: expect.stringMatching(/^connect ECONNREFUSED/) });
    expect(Object.keys(failure as object)).toEqual([]);
  });

  it('keeps what is no HTTP out of its error', async () => {
    const url = await serve((request) => void request.socket.end('s3cr3t\r\n\r\n'));
    const failure: unknown = await httpClient()(url).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ message: expect.stringContaining('Parse Error') });
    expect(Object.keys(failure as object)).toEqual([]);
  });

  it('fails when the server speaks another protocol from then on', async () => {
    const url = await serve((request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    await expect(httpClient()(url)).rejects.toThrow('switched to another protocol');
  });

  it.each(['before it is sent', 'before the answer', 'within the body'])(
    'fails with the reason of the signal when that is aborted %s',
    async (when) => {
      const stop = new AbortController();
      const reason = new Error('out of time');
      const url = await serve((_request, response) => {
        if (when === 'within the body') response.write('half');
        else stop.abort(reason);
      });
      if (when === 'before it is sent') stop.abort(reason);
      const answering = httpClient()(url, { signal: stop.signal });
      const reading = answering.then(async ({ body }) => {
        for await (const chunk of body) stop.abort(chunk.length > 0 ? reason : undefined);
      });
      await expect(reading).rejects.toBe(reason);
    },
  );

  it('fails when an answer breaks off', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.destroy());
    });
    const { body } = await httpClient()(url);
    await expect(bytes(body)).rejects.toThrow('aborted');
  });

  it('leaves an answer that nobody reads', async () => {
    let close: () => void;
    const closed = new Promise<void>((resolve) => (close = resolve));
    const url = await serve((_request, response) => {
      response.on('close', () => close());
      response.write('endless');
    });
    const { discard } = await httpClient()(url);
    discard();
    await closed;
  });

  it.each(['no url', 'ftp://example.com/'])('refuses %j', async (url) => {
    await expect(httpClient()(url)).rejects.toThrow();
  });
});
