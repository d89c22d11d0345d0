import * as z from 'zod/mini';
import { Conflict, NotFound } from '../errors.ts';
import { commitSchema, serviceNameSchema } from '../events/event.ts';
import { sourceOutcome } from '../releases/source-outcome.ts';
import { requireService } from '../services/service.ts';
import { recordSource } from '../state/sources.ts';
import { resolveWait, waitKeys } from '../state/waits.ts';
import { sourceCommand } from './define.ts';

/** Says which uploaded version is a commit's source, and resumes the releases that wait for it. */
export const sourceRecord = sourceCommand({
  verb: 'source-record',
  summary: "Record which uploaded version is a commit's source.",
  allowed: ['releaser'],
  input: z.strictObject({
    service: serviceNameSchema,
    commit: commitSchema,
    versionId: z.string().check(z.minLength(1), z.maxLength(1024)),
  }),
  async run({ service: name, commit, versionId }, context) {
    const service = await requireService(context.services, name);
    if (!(await context.sources.findVersion(service, versionId))) {
      const { bucket, key } = service.source;
      throw new NotFound(`s3://${bucket}/${key} has no version ${versionId}; upload the source first (source-open)`);
    }
    const record = await recordSource(context, { service: name, commit, versionId });
    if (record.versionId !== versionId) {
      throw new Conflict(
        `commit ${commit} is recorded as version ${record.versionId}; a commit's source does not change`,
      );
    }
    for (const releaseId of record.waiting) {
      await resolveWait(context, waitKeys.source(name, commit, releaseId), sourceOutcome(versionId));
    }
    return {
      isDone: true,
      body: { status: 'recorded', service: name, commit, versionId, resumed: record.waiting.length },
    };
  },
});
