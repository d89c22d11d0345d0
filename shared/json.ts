import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

// zod/mini, a fifth of zod in every bundle, gives no reasons unless told in which language.
z.config(en());

/** What does not fit, member by member: `limit: Too big: expected number to be <=100`. Values are not named. */
export function problemsOf(error: z.core.$ZodError): string {
  return error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': ')).join('; ');
}
