import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type Client from 'autocannon/lib/httpClient.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundleEntries } from '../../infra/bundle.ts';
import { testCertificate, type TestCertificate } from '../support/certificate.ts';

/** The client that load-test's bundle holds. */
const source = "export { default as Client } from 'autocannon/lib/httpClient.js';";
const trusted = getCACertificates('default');

let folder: string;
let LoadClient: typeof Client;
let certificate: TestCertificate;
let site: Server;
let paths: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-load-client-'));
  await bundleEntries([{ bundle: 'client', source }], join(folder, 'functions'));
  // What the entry above exports.
  const made = createRequire(import.meta.url)(join(folder, 'functions/client/index.js')) as { Client: typeof Client };
  LoadClient = made.Client;
  certificate = testCertificate(new Date('2049-01-01T00:00:00Z'));
  site = createServer(certificate, ({ url = '' }, response) => {
    paths.push(url);
    response.end('open');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});
afterEach(() => setDefaultCACertificates(trusted));
afterAll(() => {
  site.close();
  rmSync(folder, { recursive: true });
});

/** What one connection meets first: an answer or a failure. */
async function first(path: string): Promise<string> {
  paths = [];
  const { promise, resolve } = Promise.withResolvers<string>();
  const client = new LoadClient({
    ...{ protocol: 'https:', hostname: '127.0.0.1', host: '127.0.0.1', path, method: 'GET', headers: {}, timeout: 5 },
    port: (site.address() as AddressInfo).port, // a TCP server's address is no string
    setupClient(made) {
      made.on('response', (status) => resolve(`status ${status}`));
      made.on('connError', ({ message }) => resolve(message));
    },
  });
  return promise.finally(() => client.destroy());
}

describe('the client of load-test, as it is bundled', () => {
  it('sends nothing to a host whose certificate nobody trusts', async () => {
    expect(await first('/secret')).toContain('self-signed certificate');
    expect(paths).toEqual([]);
  });

  it('loads a host whose certificate is trusted', async () => {
    setDefaultCACertificates([...trusted, certificate.cert]);
    expect(await first('/')).toBe('status 200');
  });
});
