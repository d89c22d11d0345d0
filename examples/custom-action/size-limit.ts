import { declareAction, fail, implementAction, succeed } from 'slipway/actions';
import * as z from 'zod';

/** Fails when the source has grown too large. */
export const sizeLimit = declareAction({
  id: 'size-limit',
  description: 'Fails when the source is larger than allowed.',
  parameters: z.strictObject({ maxKilobytes: z.number().min(1) }),
  outputs: ['kilobytes'],
  inputArtifacts: { min: 1, max: 1 },
  isIdempotent: true,
});

export default implementAction(sizeLimit, async ({ parameters: { maxKilobytes }, artifacts }) => {
  const files = [...(await artifacts.read()).values()];
  const kilobytes = Math.ceil(files.reduce((sum, file) => sum + file.byteLength, 0) / 1024);
  if (kilobytes > maxKilobytes)
    return fail('JobFailed', `the source has ${kilobytes} kB, allowed are ${maxKilobytes}; leave something out`);
  return succeed({ outputs: { kilobytes: String(kilobytes) }, summary: `${files.length} files, ${kilobytes} kB` });
});
