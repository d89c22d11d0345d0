import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../../parse-json.ts';
import type { ActionInput } from '../action.ts';
import { ActionFailed } from '../result.ts';
import { authorizationOf, type Credentials } from '../gateways/secrets.ts';
import { webApi, type WebAnswer, type WebApi } from '../web/web-api.ts';
import type { ImageReference } from './reference.ts';

/** What calling a registry takes. */
export type RegistryInput = Pick<ActionInput, 'signal' | 'remainingMs' | 'clock'>;

/** What a manifest may be, lists before single ones: the digest of a list stands for the image on every platform. */
const mediaTypes: readonly string[] = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** OCI's own may leave its media type to the header. */
const manifestSchema = z.object({ schemaVersion: z.literal(2), mediaType: z.optional(z.string()) });

/**
 * The digest of an image by the registry's HTTP API (OCI distribution specification, "Pulling manifests"; Docker's token
 * authentication). The manifest is hashed here: the registry's own word for it must be the same.
 * @throws ActionFailed ConfigurationError if there is no such image or no registry, PermissionError if the registry does not
 *   show it, SystemUnavailable if it answers anything but a manifest
 */
export async function digestByRegistry(
  reference: ImageReference,
  credentials: Credentials | undefined,
  input: RegistryInput,
): Promise<string> {
  const { host, repository, tag = '', digest } = reference;
  const registry = apiOf(host, schemeOf(host), input);
  const path = `v2/${repository}/manifests/${digest ?? tag}`;
  const get = (authorization?: string): Promise<WebAnswer> =>
    registry.call({
      ...{ method: 'GET', path, accepted: authorization === undefined ? [401, 404] : [404] },
      headers: { accept: mediaTypes.join(', '), ...(authorization !== undefined && { authorization }) },
    });
  const first = await get();
  const answer = first.status === 401 ? await get(await authorize(first, reference, credentials, input)) : first;
  if (answer.status === 404) throw missing(reference);
  return digestOf(answer, reference);
}

function digestOf(answer: WebAnswer, { host, digest }: ImageReference): string {
  refuseOther(answer, host);
  const { text, headers } = answer;
  const own = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const said = headers.get('docker-content-digest') ?? own;
  const expected = digest ?? said;
  if (own === said && own === expected) return own;
  throw new ActionFailed('SystemUnavailable', `${host} answered a manifest that is not ${expected}; try again later`);
}

/** A page that is hashed would be pinned as if it were the image: whoever runs what is pinned finds none. */
function refuseOther({ status, text, headers }: WebAnswer, host: string): void {
  const contentType = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const manifest = manifestSchema.safeParse(parseJson(text));
  if (status === 200 && manifest.success && mediaTypes.includes(manifest.data.mediaType ?? contentType)) return;
  if (contentType === 'text/html' || text.trimStart().startsWith('<'))
    throw new ActionFailed(
      'ConfigurationError',
      `${host} answered a page and no manifest; name the registry's own host`,
    );
  const what = text === '' ? 'nothing' : contentType || 'a body of no type';
  throw new ActionFailed(
    'SystemUnavailable',
    `${host} answered ${status} with ${what}; a manifest of OCI or of Docker's second schema was expected`,
  );
}

/** The Authorization header that the registry's challenge asks for. */
async function authorize(
  { headers }: WebAnswer,
  reference: ImageReference,
  credentials: Credentials | undefined,
  input: RegistryInput,
): Promise<string> {
  const challenge = headers.get('www-authenticate') ?? '';
  if (/^basic /i.test(challenge) && credentials) return authorizationOf(credentials);
  const { realm, service } = readChallenge(challenge);
  if (realm === undefined || !mayAsk(realm, reference.host)) {
    throw new ActionFailed(
      'PermissionError',
      `${reference.host} asks for credentials; name its secret in registrySecrets`,
    );
  }
  const scope = `repository:${reference.repository}:pull`;
  const query = new URLSearchParams({ ...(service !== undefined && { service }), scope });
  const url = new URL(realm);
  const answer = await apiOf(`${reference.host}'s token service`, url.origin, input).call({
    method: 'GET',
    path: `${url.pathname}?${query.toString()}`,
    ...(credentials && { headers: { authorization: authorizationOf(credentials) } }),
  });
  return `Bearer ${readToken(answer, reference.host)}`;
}

const tokenSchema = z.object({ token: z.optional(z.string()), access_token: z.optional(z.string()) });

function readToken(answer: WebAnswer, host: string): string {
  const read = tokenSchema.safeParse(answer.json());
  const token = read.data?.token ?? read.data?.access_token ?? '';
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new ActionFailed('SystemUnavailable', `${host}'s token service gave no token; try again later`);
}

/** `Bearer realm="…",service="…"`. */
function readChallenge(challenge: string): { realm: string | undefined; service: string | undefined } {
  const part = (name: string): string | undefined => new RegExp(`[ ,]${name}="([^"]*)"`, 'i').exec(challenge)?.[1];
  return /^bearer /i.test(challenge)
    ? { realm: part('realm'), service: part('service') }
    : { realm: undefined, service: undefined };
}

/** A token service is asked over TLS, or on the registry's own loopback. */
function mayAsk(realm: string, host: string): boolean {
  if (!URL.canParse(realm)) return false;
  const { protocol, hostname } = new URL(realm);
  return protocol === 'https:' || (schemeOf(host).startsWith('http:') && isLoopback(hostname));
}

function apiOf(name: string, baseUrl: string, input: RegistryInput): WebApi {
  const { signal, remainingMs, clock } = input;
  return webApi({ name, baseUrl, signal, remainingMs, clock });
}

/** As Docker does: registries on loopback are asked without TLS. */
function schemeOf(host: string): string {
  return `${isLoopback(host.replace(/:\d+$/, '')) ? 'http' : 'https'}://${host}`;
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || /^127(\.\d{1,3}){3}$/.test(name);
}

function missing({ name, tag, digest }: ImageReference): ActionFailed {
  const which = digest === undefined ? `tag ${tag}` : `digest ${digest}`;
  return new ActionFailed('ConfigurationError', `there is no image ${name} of ${which}; push it, or name another`);
}
