import * as z from 'zod/mini';
import { serviceNameSchema } from '../events/event.ts';
import { requireService } from '../services/service.ts';
import { sourceCommand } from './define.ts';

const expiresInSeconds = 900;

/** Opens the service's bucket for one upload of a source zip. */
export const sourceOpen = sourceCommand({
  verb: 'source-open',
  summary: "Answer a URL that takes one upload of a service's source.",
  allowed: ['releaser'],
  input: z.strictObject({ service: serviceNameSchema }),
  async run(input, { services, sources }) {
    const service = await requireService(services, input.service);
    const { bucket, key } = service.source;
    const url = await sources.presignUpload(service, expiresInSeconds);
    const headers = { 'content-type': 'application/zip' };
    return { isDone: true, body: { url, method: 'PUT', headers, expiresInSeconds, bucket, key } };
  },
});
