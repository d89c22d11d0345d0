import * as z from 'zod/mini';

/** The base URL of an API that gets credentials: HTTPS; HTTP on loopback alone. Slashes at its end are taken off. */
export const webUrlSchema = z.string().check(
  z.maxLength(300),
  z.overwrite((text) => text.replace(/\/+$/, '')),
  z.refine((text) => isSafeUrl(text) && !text.includes('?'), {
    error: 'must be an https:// URL without user, query and fragment',
  }),
);

/** Whether a URL may be sent something that is not for everybody, which is nobody on the way. */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname));
}
