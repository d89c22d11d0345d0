import type { Lambda } from '@aws-sdk/client-lambda';
import type { Operations } from '../../gateway/service.ts';
import { toConfiguration } from './describe-functions.ts';
import { toPage } from './function-pages.ts';
import { invalidParameter, readFunctionReference, revisionDiffers } from './function-reference.ts';
import type { FunctionStore, FunctionVersion } from './function-store.ts';

/** The operations on published versions. */
export function versionOperations(
  functions: FunctionStore,
): Pick<Operations<Lambda>, 'PublishVersion' | 'ListVersionsByFunction'> {
  return {
    PublishVersion: ({ FunctionName = '', CodeSha256, Description, RevisionId }) => {
      const latest = functions.resolve({ name: readFunctionReference(FunctionName).name });
      if (RevisionId !== undefined && RevisionId !== latest.revisionId) throw revisionDiffers('GetFunction');
      if (CodeSha256 && CodeSha256 !== latest.code.sha256) {
        throw invalidParameter(
          `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      }
      return describe(functions.publishChange(latest.name, Description));
    },
    ListVersionsByFunction: ({ FunctionName = '', Marker, MaxItems }) => {
      const { name } = functions.resolve({ name: readFunctionReference(FunctionName).name });
      const versions = functions.versionsOf(name);
      const { page, next } = toPage(versions, { key: ({ version }) => version, marker: Marker, size: MaxItems });
      return { Versions: page.map(describe), ...next };
    },
  };
}

function describe(version: FunctionVersion): ReturnType<typeof toConfiguration> {
  return toConfiguration(version, `${version.functionArn}:${version.version}`);
}
