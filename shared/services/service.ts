import * as z from 'zod/mini';
import { NotFound } from '../errors.ts';
import { serviceNameSchema } from '../events/event.ts';

/**
 * What can be released, as its SSM parameter `<prefix><name>` holds it in JSON. Written by the CDK app, read by every
 * function; strict on both sides.
 */
export const serviceSchema = z.strictObject({
  contract: z.literal(1),
  name: serviceNameSchema,
  pipeline: z.strictObject({
    arn: z.string().check(z.regex(/^arn:[^:]+:codepipeline:[a-z0-9-]+:\d{12}:[A-Za-z0-9.@_-]{1,100}$/)),
  }),
  source: z.strictObject({
    bucket: z.string().check(z.minLength(3), z.maxLength(63)),
    key: z.string().check(z.minLength(1), z.maxLength(1024)),
    /** The name of the pipeline's source action, whose revision a release sets. */
    action: z.string().check(z.minLength(1), z.maxLength(100)),
    /** Pushes to this branch of this repository (`owner/name`) release the service. */
    github: z.optional(
      z.strictObject({
        repository: z.string().check(z.regex(/^[A-Za-z0-9._-]+\/[A-Za-z0-9._-]+$/)),
        branch: z.string().check(z.minLength(1), z.maxLength(255)),
      }),
    ),
  }),
  environments: z.array(
    z.strictObject({ name: z.string().check(z.minLength(1), z.maxLength(64)), url: z.optional(z.url()) }),
  ),
});
export type Service = z.infer<typeof serviceSchema>;

/** Every declared service; `shared/aws/ssm.ts` reads them. */
export interface ServiceDirectory {
  find(name: string): Promise<Service | undefined>;
  list(): Promise<readonly Service[]>;
}

/**
 * The service of a name.
 * @throws NotFound naming the services there are
 */
export async function requireService(services: ServiceDirectory, name: string): Promise<Service> {
  const service = await services.find(name);
  if (service) return service;
  const names = (await services.list()).map((one) => one.name).join(', ') || 'none';
  throw new NotFound(`service ${name} is unknown; declared are: ${names}. Declare it in the CDK app and deploy`);
}

/** The service's objects: one key, every source a version of it. */
export interface SourceBucket {
  /** A URL that takes one PUT of a zip with `content-type: application/zip`, for `expiresInSeconds`. */
  presignUpload(service: Service, expiresInSeconds: number): Promise<string>;
  /** Size and type of a stored version, if there is one. */
  findVersion(service: Service, versionId: string): Promise<{ sizeBytes: number } | undefined>;
}
