import * as z from 'zod/mini';
import type { ActionPermission, DeployedWhere } from '../../action.ts';

/** The image to look at, and whose findings. */
export const imageParametersSchema = z
  .strictObject({
    /** The ECR repository's name. */
    repository: z.string().check(z.minLength(2), z.maxLength(256)),
    /** `sha256:…`; a digest says which image is meant, so prefer it to a tag. */
    digest: z.optional(z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'))),
    tag: z.optional(z.string().check(z.minLength(1), z.maxLength(300))),
    /** The account of the registry, if it is another one. */
    registryId: z.optional(z.string().check(z.regex(/^\d{12}$/, 'must be 12 digits'))),
    /** ECR's own findings (basic or enhanced scanning), or Inspector's. */
    from: z._default(z.enum(['ecr', 'inspector']), 'ecr'),
    /** How long the scan may take; a scan that has not ended by then could not run. */
    timeoutMinutes: z._default(z.int().check(z.minimum(1), z.maximum(1430)), 30),
  })
  .check(
    z.refine(({ digest, tag }) => (digest === undefined) !== (tag === undefined), {
      message: 'must have a digest or a tag, and not both',
    }),
  );

/** What `image` holds. */
export type ImageParameters = z.infer<typeof imageParametersSchema>;

/** What reading an image's findings needs, from whom it reads them. Inspector's calls know no narrower resource. */
export function imagePermissions(image: ImageParameters, where: DeployedWhere): ActionPermission[] {
  const { partition, region, account } = where;
  const repository = `arn:${partition}:ecr:${region}:${image.registryId ?? account}:repository/${image.repository}`;
  if (image.from === 'ecr') return [{ actions: ['ecr:DescribeImages', ...ecrScanning], resources: [repository] }];
  return [
    { actions: ['ecr:DescribeImages'], resources: [repository] },
    // Which of both it will be is known when the pipeline runs.
    ...(image.from === 'inspector' ? [] : [{ actions: ecrScanning, resources: [repository] }]),
    { actions: ['inspector2:ListCoverage', 'inspector2:ListFindings'], resources: ['*'] },
  ];
}

const ecrScanning = ['ecr:DescribeImageScanFindings', 'ecr:StartImageScan'];
