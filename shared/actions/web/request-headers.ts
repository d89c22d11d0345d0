import * as z from 'zod/mini';
import type { ActionPermission, DeployedWhere } from '../action.ts';
import type { SecretGateway } from '../gateways/gateways.ts';
import { ActionFailed } from '../result.ts';
import { readSecretNamed, secretNameSchema } from '../gateways/secrets.ts';

/** A token of RFC 9110, 5.6.2. */
const headerName = z.string().check(z.regex(/^[!#$%&'*+.^_`|~\w-]{1,100}$/, 'must be the name of a header'));

/** RFC 9110, 5.5: what is visible, spaces and tabs. A value with a line break would be a second header. */
const headerText = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that a request is sent with, by name. */
export const headersSchema = z.record(headerName, z.string().check(z.regex(headerText, 'must be one line of text')));

/** Headers whose whole values are secrets: the header's name, and the name of its secret in Secrets Manager. */
export const secretHeadersSchema = z.record(headerName, secretNameSchema);

/** What a request asks for beside its URL. */
export interface RequestHeaders {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly secretHeaders?: Readonly<Record<string, string>> | undefined;
}

/** What an action needs to read the secrets of its headers. */
export function mayReadSecrets({ secretHeaders = {} }: RequestHeaders, where: DeployedWhere): ActionPermission[] {
  return Object.values(secretHeaders).map((name) => readSecretNamed(name, where));
}

/**
 * The headers of a request, with the values of their secrets.
 * @throws ActionFailed if a secret cannot be read, or holds what no header may
 */
export async function readHeaders(
  { headers = {}, secretHeaders = {} }: RequestHeaders,
  secrets: () => SecretGateway,
): Promise<Record<string, string>> {
  const read = await Promise.all(
    Object.entries(secretHeaders).map(async ([header, secret]) => [header, await oneLine(secret, secrets())] as const),
  );
  return { ...headers, ...Object.fromEntries(read) };
}

/** Refused here, since what sends a request would quote the value in its error. */
async function oneLine(name: string, secrets: SecretGateway): Promise<string> {
  const value = (await secrets.read(name)).trim();
  if (value !== '' && headerText.test(value)) return value;
  throw new ActionFailed('ConfigurationError', `secret ${name} is no header's value; keep one line of text in it`);
}
