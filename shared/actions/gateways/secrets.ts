import * as z from 'zod/mini';
import { parseJson } from '../../parse-json.ts';
import type { ActionPermission, DeployedWhere } from '../action.ts';
import type { SecretGateway } from './gateways.ts';
import { ActionFailed } from '../result.ts';

/** The name of a secret in Secrets Manager, in the pipeline's account and region. */
export const secretNameSchema = z
  .string()
  .check(z.regex(/^[A-Za-z0-9/_+=.@-]{1,512}$/, 'must be the name of a secret'));

/** The grant that goes with naming a secret: Secrets Manager adds six characters to the name in its ARN. */
export function readSecretNamed(name: string, { partition, region, account }: DeployedWhere): ActionPermission {
  return {
    actions: ['secretsmanager:GetSecretValue'],
    resources: [`arn:${partition}:secretsmanager:${region}:${account}:secret:${name}-??????`],
  };
}

/** Who somebody's API takes us for. */
export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'user'; readonly user: string; readonly password: string };

/** A header that held anything else would be quoted in the error of who sends it. */
const tokenText = /^[\x21-\x7e]+$/;

const tokenSchema = z.object({ token: z.string().check(z.regex(tokenText)) });
const userSchema = z.pipe(
  z.object({
    email: z.optional(z.string()),
    user: z.optional(z.string()),
    token: z.optional(z.string()),
    password: z.optional(z.string()),
  }),
  z.transform(({ email, user, token, password }) => ({ user: user ?? email, password: password ?? token })),
);

/**
 * Credentials from a secret: JSON `{"token":"…"}` or `{"user":"…","password":"…"}` (`email` and `token` do as well), or
 * the plain text `user:password` or `token`.
 * @throws ActionFailed if there is no such secret, or it holds neither
 */
export async function readCredentials(secrets: SecretGateway, name: string): Promise<Credentials> {
  const text = (await secrets.read(name)).trim();
  const credentials = text.startsWith('{') ? fromJson(text) : fromText(text);
  if (credentials) return credentials;
  throw new ActionFailed(
    'ConfigurationError',
    `secret ${name} holds no credentials; put in {"token":"…"}, {"user":"…","password":"…"}, or the plain token`,
  );
}

/** The Authorization header that goes with credentials. */
export function authorizationOf(credentials: Credentials): string {
  if (credentials.kind === 'token') return `Bearer ${credentials.token}`;
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
}

function fromJson(text: string): Credentials | undefined {
  const value = parseJson(text);
  const { user, password } = userSchema.safeParse(value).data ?? {};
  if (user && password) return { kind: 'user', user, password };
  const token = tokenSchema.safeParse(value).data?.token;
  return token === undefined || user ? undefined : { kind: 'token', token };
}

function fromText(text: string): Credentials | undefined {
  if (!tokenText.test(text)) return undefined;
  const [, user, password] = /^([^:]+):(.+)$/.exec(text) ?? [];
  return user !== undefined && password !== undefined
    ? { kind: 'user', user, password }
    : { kind: 'token', token: text };
}
