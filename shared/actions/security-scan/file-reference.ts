import type { ArtifactFiles, Artifacts } from '../artifacts.ts';
import { ActionFailed } from '../result.ts';
import { textOf } from './text-of.ts';

/** Reads each input artifact once. */
export function artifactReader(artifacts: Pick<Artifacts, 'read'>): (name?: string) => Promise<ArtifactFiles> {
  const read = new Map<string | undefined, Promise<ArtifactFiles>>();
  return (name) => {
    const files = read.get(name) ?? artifacts.read(name);
    read.set(name, files);
    return files;
  };
}

/** The two halves of a reference. */
export function splitReference(reference: string): { readonly artifact: string; readonly path: string } {
  const [artifact = '', path = ''] = reference.split('::');
  return { artifact, path };
}

/** The text of a referenced file. @throws ActionFailed ConfigurationError if it is not there */
export async function readReferenced(
  reference: string,
  read: (name: string) => Promise<ArtifactFiles>,
): Promise<{ readonly path: string; readonly text: string }> {
  const { artifact, path } = splitReference(reference);
  const content = (await read(artifact)).get(path);
  if (!content) throw new ActionFailed('ConfigurationError', `artifact ${artifact} holds no file ${path}`);
  return { path, text: textOf(content) };
}
