import { createHash } from 'node:crypto';
import type { JobContext } from '../runner/job-event.ts';
import type { ProvisionParameters } from './declaration.ts';

/** When a stack is deleted, to the second, ISO 8601 UTC; undefined for one that stays. */
export function expiresAt({ expiry }: ProvisionParameters, appliedAt: string): string | undefined {
  if (!expiry) return undefined;
  return `${new Date(Date.parse(appliedAt) + expiry.afterHours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

/** The schedule of a stack; a name of its own for every stack, within the 64 characters that a name may have. */
export function scheduleName(stackName: string): string {
  return `slipway-expire-${createHash('sha256').update(stackName).digest('hex').slice(0, 32)}`;
}

/**
 * The tags of a stack. One that stays is tagged with nothing that differs from release to release: that alone would be an
 * update of every resource.
 */
export function tagsOf(
  own: Readonly<Record<string, string>>,
  context: JobContext | undefined,
  expires: string | undefined,
): Record<string, string> {
  return {
    ...own,
    ...(context && { 'slipway:pipeline': context.pipeline }),
    ...(context && expires !== undefined && { 'slipway:pipeline-execution': context.pipelineExecutionId }),
    ...(expires !== undefined && { 'slipway:expires-at': expires }),
  };
}
