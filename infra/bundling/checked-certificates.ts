import type { Plugin } from 'esbuild';
import { rewriting } from './rewrite.ts';

/**
 * Lets a package check the certificates of its connections that does not by itself, nor by an option. The entry can go when
 * the package has such an option.
 */
export function checkedCertificates(): Plugin {
  return rewriting('checked-certificates', [
    {
      // autocannon's client takes any certificate, and load-test may send secrets with every request.
      files: /node_modules\/autocannon\/lib\/httpClient\.js$/,
      change: (source) => source.replaceAll(', rejectUnauthorized: false', ''),
    },
  ]);
}
