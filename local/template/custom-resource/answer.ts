import * as z from 'zod';
import { LocalCloudError } from '../../errors.ts';
import type { Json } from '../../json.ts';
import type { Provisioned } from '../resource.ts';

const json: z.ZodType<Json> = z.json();

const schema = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().nullish(),
  PhysicalResourceId: z.string().min(1).max(1024).nullish(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  // Masks the data where CloudFormation shows it, which nothing does here.
  NoEcho: z.boolean().nullish(),
  Data: z.record(z.string(), json).nullish(),
});

/**
 * Reads what a function has answered.
 * @throws LocalCloudError with the reason that it gives, or with what its answer lacks
 */
export function readAnswer(text: string): Provisioned {
  const answer = parse(text);
  if (answer.Status === 'FAILED') {
    if (!answer.Reason) throw lacks('Reason');
    throw new LocalCloudError(
      'Received response status [FAILED] from custom resource. ' +
        `Message returned: ${answer.Reason} (RequestId: ${answer.RequestId})`,
    );
  }
  if (!answer.PhysicalResourceId) throw lacks('PhysicalResourceId');
  return { physicalId: answer.PhysicalResourceId, attributes: answer.Data ?? {} };
}

function parse(text: string): z.infer<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LocalCloudError('Response is not valid JSON');
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const missing = read.error.issues.find(({ input, path }) => input === undefined && path.length === 1);
  const isMissing = typeof value === 'object' && value !== null && missing && !(String(missing.path[0]) in value);
  throw isMissing
    ? lacks(String(missing.path[0]))
    : new LocalCloudError(`Invalid response: ${z.prettifyError(read.error)}`);
}

function lacks(key: string): LocalCloudError {
  return new LocalCloudError(`Vendor response doesn't contain ${key} key`);
}
