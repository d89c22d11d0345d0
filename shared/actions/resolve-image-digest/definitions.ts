import * as z from 'zod/mini';
import type { ArtifactFiles } from '../artifacts.ts';
import { ActionFailed } from '../result.ts';

/** An image and the container that runs it, as Amazon ECS's deploy action reads them. */
export interface ImageDefinition {
  readonly name: string;
  readonly imageUri: string;
}

const schema = z.array(
  z.object({ name: z.string().check(z.minLength(1)), imageUri: z.string().check(z.minLength(1)) }),
);

/**
 * Reads an image definitions file (CodePipeline user guide, "Image definitions file reference"): a list of container names
 * with image URIs.
 * @throws ActionFailed ConfigurationError if it is not there or of another shape
 */
export function readDefinitions(files: ArtifactFiles, path: string): ImageDefinition[] {
  const file = files.get(path);
  if (!file) throw refused(`the artifact holds no ${path}`);
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(file).toString('utf8'));
  } catch {
    throw refused(`${path} is not JSON`);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw refused(`${path} is no list of {"name", "imageUri"}: ${read.error.issues[0]?.path.join('.') || 'its shape'}`);
}

/**
 * What the output artifact holds: `imagedefinitions.json` for a standard deployment of Amazon ECS, and for one image alone
 * `imageDetail.json` for a blue/green one.
 */
export function definitionFiles(definitions: readonly ImageDefinition[]): ArtifactFiles {
  const [first, ...others] = definitions;
  const files = new Map([['imagedefinitions.json', Buffer.from(JSON.stringify(definitions))]]);
  if (first && others.length === 0)
    files.set('imageDetail.json', Buffer.from(JSON.stringify({ ImageURI: first.imageUri })));
  return files;
}

function refused(message: string): ActionFailed {
  return new ActionFailed('ConfigurationError', message);
}
