import { createHash } from 'node:crypto';
import { webServer, type WebReply, type WebRequest, type WebServer } from './web-server.ts';

/** A manifest list of the images of a fake registry. */
export const manifest = JSON.stringify({ schemaVersion: 2, manifests: [] });

/** The header that says so. */
export const manifestType = { 'content-type': 'application/vnd.oci.image.index.v1+json' };

/** What it hashes to. */
export const manifestDigest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

/**
 * A container registry on loopback with `team/web:1`, which asks for a token of its own token service, as public
 * registries do; `answer` replaces the answer for a manifest.
 */
export async function fakeRegistry(
  answer: (request: WebRequest) => WebReply | undefined = () => undefined,
): Promise<WebServer & { readonly host: string }> {
  const server: WebServer = await webServer((request) => {
    const { path, headers } = request;
    if (path.startsWith('/token')) return { status: 200, body: { token: 'a-token-of-the-registry' } };
    if (headers.authorization !== 'Bearer a-token-of-the-registry') return challenge(server.url);
    const replaced = answer(request);
    if (replaced) return replaced;
    if (![`/v2/team/web/manifests/1`, `/v2/team/web/manifests/${manifestDigest}`].includes(path))
      return { status: 404, body: { errors: [{ code: 'MANIFEST_UNKNOWN' }] } };
    return { status: 200, headers: { ...manifestType, 'docker-content-digest': manifestDigest }, body: manifest };
  });
  return { ...server, host: new URL(server.url).host };
}

function challenge(url: string): WebReply {
  const header = `Bearer realm="${url}/token",service="fake",scope="repository:team/web:pull"`;
  return { status: 401, headers: { 'www-authenticate': header } };
}
