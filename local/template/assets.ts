import { join } from 'node:path';
import * as z from 'zod';
import { LocalCloudError } from '../errors.ts';
import { readJson } from './read-json.ts';

/** A folder or file of a `cdk.out` that a template names by bucket and key. */
export interface FileAsset {
  /** With the placeholders `${AWS::AccountId}` and `${AWS::Region}` still in it. */
  readonly bucket: string;
  readonly key: string;
  /** Absolute. A folder where AWS would hold a zip of it. */
  readonly path: string;
}

const manifestSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        displayName: z.string().optional(),
        source: z.object({ path: z.string().optional(), executable: z.array(z.string()).optional() }),
        destinations: z.record(z.string(), z.object({ bucketName: z.string(), objectKey: z.string() })),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.object({ displayName: z.string().optional() })).default({}),
});

/** Reads one `*.assets.json`. @throws LocalCloudError for an image asset or one that a program would have to build */
export function readAssetManifest(folder: string, file: string): FileAsset[] {
  const read = manifestSchema.safeParse(readJson(join(folder, file)));
  if (!read.success) throw new LocalCloudError(`${file} is not an asset manifest: ${z.prettifyError(read.error)}`);
  for (const [id, image] of Object.entries(read.data.dockerImages)) {
    throw new LocalCloudError(
      `${file}: the image asset ${image.displayName ?? id} is not supported locally; functions run from file assets`,
    );
  }
  return Object.entries(read.data.files).flatMap(([id, asset]) => {
    const { path } = asset.source;
    if (path === undefined) {
      throw new LocalCloudError(
        `${file}: the asset ${asset.displayName ?? id} is made by a program at deployment; only files and folders are supported locally`,
      );
    }
    return Object.values(asset.destinations).map(({ bucketName, objectKey }) => ({
      bucket: bucketName,
      key: objectKey,
      path: join(folder, path),
    }));
  });
}
