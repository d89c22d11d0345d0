import * as z from 'zod/mini';
import { secretReader } from '../../shared/aws/secrets-manager.ts';
import { readConfig } from '../../shared/config.ts';
import { identifyBearer, toContext } from '../../shared/people/person.ts';
import { task } from '../../shared/runtime/task.ts';

const { SLIPWAY_API_TOKEN_SECRET: secretArn } = readConfig(['SLIPWAY_API_TOKEN_SECRET']);
const readSecrets = secretReader();
const input = z.object({ headers: z._default(z.record(z.string(), z.optional(z.string())), {}) });

/** Says who asks and which roles they have, as a simple response of format 2.0. */
export const handler = task(input, async ({ headers }) => {
  const principal = identifyBearer(headers.authorization ?? headers.Authorization, await readSecrets(secretArn));
  return principal ? { isAuthorized: true, context: toContext(principal) } : { isAuthorized: false };
});
