import type { ArtifactFiles } from '../artifacts.ts';
import type { DeviceFarmFileType } from '../gateways/device-farm.ts';
import { ActionFailed } from '../result.ts';

/** A file of the input artifact that Device Farm gets. */
export interface NamedFile {
  readonly name: string;
  readonly type: DeviceFarmFileType;
  readonly content: Uint8Array;
}

/** The files of a run, as the parameters name them. */
export interface FilesOfRun {
  readonly app: NamedFile;
  readonly testPackage: NamedFile | undefined;
  readonly testSpec: NamedFile | undefined;
}

/**
 * Finds the files of a run in the artifact.
 * @throws ActionFailed ConfigurationError if one is not there or is empty
 */
export function filesOfRun(
  files: ArtifactFiles,
  parameters: {
    readonly app: string;
    readonly testType: string;
    readonly testPackage?: string | undefined;
    readonly testSpec?: string | undefined;
  },
): FilesOfRun {
  const { app, testType, testPackage, testSpec } = parameters;
  const find = (path: string, type: DeviceFarmFileType): NamedFile => {
    const content = files.get(path);
    if (!content || content.length === 0)
      throw new ActionFailed(
        'ConfigurationError',
        `the input artifact holds no ${path}, or it is empty; pack it, or mend the parameter`,
      );
    return { name: path.split('/').at(-1) ?? path, type, content };
  };
  return {
    app: find(app, app.endsWith('.ipa') ? 'IOS_APP' : 'ANDROID_APP'),
    testPackage: testPackage === undefined ? undefined : find(testPackage, `${testType}_TEST_PACKAGE`),
    testSpec: testSpec === undefined ? undefined : find(testSpec, `${testType}_TEST_SPEC`),
  };
}
