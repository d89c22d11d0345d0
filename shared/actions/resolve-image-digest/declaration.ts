import * as z from 'zod/mini';
import { declareAction, type ActionPermission, type DeployedWhere, type SynthUse } from '../action.ts';
import { readSecretNamed, secretNameSchema } from '../gateways/secrets.ts';

const parameters = z.strictObject({
  /** The images by the names of their containers, e.g. `{ "web": "public.ecr.aws/nginx/nginx:1.29" }`. */
  images: z._default(z.record(z.string().check(z.minLength(1)), z.string().check(z.minLength(1))), {}),
  /** A file of the input artifact with more of them, as `imagedefinitions.json` has them. */
  definitionsPath: z.optional(z.string().check(z.minLength(1))),
  /** `refuse`: fails for an image that is named by a tag alone, which somebody may move; all of them are named. */
  tags: z._default(z.enum(['resolve', 'refuse']), 'resolve'),
  /** Who we are at registries that ask, by host: names of secrets that hold `user:password` or a token. */
  registrySecrets: z._default(z.record(z.string(), secretNameSchema), {}),
});

/** What a pipeline asks for. */
export type ResolveParameters = z.output<typeof parameters>;

/** Finds the digests that tags stand for now. */
export const resolveImageDigest = declareAction({
  id: 'resolve-image-digest',
  description: 'Finds the digests that the tags of images stand for now, so that what was tested is what is deployed.',
  parameters,
  outputs: ['imageCount', 'imageDefinitions', 'imageUri', 'digest'],
  inputArtifacts: { min: 0, max: 1 },
  outputArtifacts: { min: 0, max: 1 },
  gateways: ['images', 'secrets'],
  permissionsFor: neededFor,
  problemsOf: missingAtSynth,
  isIdempotent: true,
  timeoutSeconds: 120,
});

function missingAtSynth(
  { images, definitionsPath }: ResolveParameters,
  { inputs, isKnownLater }: SynthUse,
): readonly string[] {
  if (definitionsPath !== undefined)
    return inputs.length > 0
      ? []
      : ['definitionsPath is a file of the input artifact; set input to the one that holds it'];
  const isEmpty = !isKnownLater(images) && Object.keys(images).length === 0;
  return isEmpty ? ['no image is named; name them in images, or a file that does as definitionsPath'] : [];
}

function neededFor(
  { images, definitionsPath, registrySecrets }: ResolveParameters,
  where: DeployedWhere,
): ActionPermission[] {
  const named = Object.values(images).flatMap((image) => repositoryArn(image, where));
  const { partition, region, account } = where;
  // Which images the file will name is known when the pipeline runs.
  const any = definitionsPath === undefined ? [] : [`arn:${partition}:ecr:${region}:${account}:repository/*`];
  const resources = [...new Set([...named, ...any])];
  return [
    ...(resources.length > 0 ? [{ actions: ['ecr:DescribeImages'], resources }] : []),
    ...Object.values(registrySecrets).map((name) => readSecretNamed(name, where)),
  ];
}

/** The repository of an image of ECR; what a variable stands for may be one of any name. */
function repositoryArn(image: string, { partition, region, account }: DeployedWhere): string[] {
  const ofEcr = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+\/([^:@]+(?:#\{[^}]*\}[^:@]*)*)/.exec(image);
  if (ofEcr) return [`arn:${partition}:ecr:${ofEcr[2]}:${ofEcr[1]}:repository/${ofEcr[3]}`];
  // Nothing is known of a token of CDK's or a variable of the pipeline but that it may be one of ours.
  return image.startsWith('#{') || image.startsWith('${')
    ? [`arn:${partition}:ecr:${region}:${account}:repository/*`]
    : [];
}
