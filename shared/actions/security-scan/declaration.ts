import * as z from 'zod/mini';
import { declareAction } from '../action.ts';

/** Looks for secrets (keys, tokens, passwords in URLs) in the files of a source artifact. */
export const securityScan = declareAction({
  id: 'security-scan',
  description: 'Looks for secrets in the source artifact and fails if there are more than allowed.',
  parameters: z.strictObject({
    /** The least severity that counts. */
    threshold: z._default(z.enum(['error', 'warning', 'info']), 'error'),
    /** How many findings of that severity the action lets pass. */
    allowedFindings: z._default(z.int().check(z.minimum(0)), 0),
    /** Files and folders left out: paths from the artifact's root, e.g. `test/fixtures/`. */
    exclude: z._default(z.array(z.string().check(z.minLength(1))), []),
  }),
  outputs: ['findingCount', 'scannedFileCount'],
  inputArtifacts: { min: 1, max: 1 },
  outputArtifacts: { min: 0, max: 1 },
  isIdempotent: true,
  timeoutSeconds: 300,
  memoryMegabytes: 1024,
});
