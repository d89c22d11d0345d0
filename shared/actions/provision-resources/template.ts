import * as z from 'zod/mini';
import { messageOf } from '../../errors.ts';
import type { ArtifactFiles } from '../artifacts.ts';
import { ActionFailed } from '../result.ts';

/** CloudFormation's quotas for a template: in a request, and in an object of S3. */
export const templateLimits = { bodyBytes: 51_200, objectBytes: 1_048_576 } as const;

/**
 * The template of an artifact, as it is sent: JSON without its blanks, anything else as it is, since CloudFormation reads
 * YAML itself.
 * @throws ActionFailed ConfigurationError if it is not there, empty, broken JSON or larger than CloudFormation takes
 */
export function readTemplate(files: ArtifactFiles, path: string): string {
  const text = readText(files, path);
  if (text.trim() === '') throw refused(`${path} is empty; a template has Resources`);
  const sent = text.trimStart().startsWith('{') ? JSON.stringify(parseJsonFile(text, path)) : text;
  const sizeBytes = Buffer.byteLength(sent);
  if (sizeBytes <= templateLimits.objectBytes) return sent;
  throw refused(`${path} is ${sizeBytes} bytes, CloudFormation takes ${templateLimits.objectBytes}; split the stack`);
}

const configurationSchema = z.strictObject({
  Parameters: z._default(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), {}),
  Tags: z._default(z.record(z.string(), z.string()), {}),
});

/** What a template is filled in with. */
export interface StackConfiguration {
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Reads a template configuration file (CodePipeline user guide, "CloudFormation artifacts"): JSON with `Parameters` and
 * `Tags`.
 * @throws ActionFailed ConfigurationError if it is not there or of another shape; stack policies are refused
 */
export function readConfiguration(files: ArtifactFiles, path: string): StackConfiguration {
  const read = configurationSchema.safeParse(parseJsonFile(readText(files, path), path));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw refused(
      `${path}: ${issue?.path.join('.') || 'its members'}: ${issue?.message}; it may hold Parameters and Tags`,
    );
  }
  const entries = Object.entries(read.data.Parameters).map(([name, value]) => [name, String(value)]);
  return { parameters: Object.fromEntries(entries), tags: read.data.Tags };
}

function readText(files: ArtifactFiles, path: string): string {
  const file = files.get(path);
  if (file) return Buffer.from(file).toString('utf8');
  const others = [...files.keys()].filter((name) => /\.(json|ya?ml|template)$/.test(name)).slice(0, 10);
  throw refused(`the artifact holds no ${path}; it has: ${others.join(', ') || 'no JSON and no YAML'}`);
}

function parseJsonFile(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(`${path} is not JSON: ${messageOf(cause).slice(0, 200)}`);
  }
}

function refused(message: string): ActionFailed {
  return new ActionFailed('ConfigurationError', message);
}
