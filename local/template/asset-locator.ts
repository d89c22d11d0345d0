import { LocalCloudError } from '../errors.ts';
import type { FileAsset } from './assets.ts';

/** The path of a file asset; undefined if the assembly has none under this bucket and key. */
export type AssetLocator = (bucket: string, key: string) => string | undefined;

/** Finds assets by the bucket and key that a template names. */
export function assetLocator(
  assets: readonly FileAsset[],
  { account, region }: { account: string; region: string },
): AssetLocator {
  const fill = (text: string): string =>
    text
      .replaceAll('${AWS::AccountId}', account)
      .replaceAll('${AWS::Region}', region)
      .replaceAll('${AWS::Partition}', 'aws');
  const paths = new Map(assets.map(({ bucket, key, path }) => [`${fill(bucket)}/${fill(key)}`, path]));
  return (bucket, key) => paths.get(`${bucket}/${key}`);
}

/** Locates assets and remembers which ones were asked for. */
export function recordingLocator(locate: AssetLocator): {
  readonly asked: Record<string, string>;
  assetPath(bucket: string, key: string): string;
} {
  const asked: Record<string, string> = {};
  return {
    asked,
    assetPath(bucket, key) {
      const path = locate(bucket, key);
      if (path === undefined) throw new LocalCloudError(`no asset of this CDK output is at s3://${bucket}/${key}`);
      asked[`${bucket}/${key}`] = path;
      return path;
    },
  };
}

/** Where the assets that a resource was made from lie now. */
export function relocate(assets: Readonly<Record<string, string>>, locate: AssetLocator): Record<string, string> {
  return Object.fromEntries(
    Object.keys(assets).map((address) => {
      const slash = address.indexOf('/');
      return [address, locate(address.slice(0, slash), address.slice(slash + 1)) ?? ''];
    }),
  );
}
