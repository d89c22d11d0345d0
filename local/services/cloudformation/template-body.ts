import { AwsError, LocalCloudError, notSupportedLocally } from '../../errors.ts';
import type { Principal } from '../../gateway/principal.ts';
import type { Gateway } from '../../gateway/service.ts';
import { isJsonObject, type JsonObject } from '../../json.ts';
import { parseTemplate, type Template } from '../../template/template.ts';
import { validationError } from './errors.ts';

/** Where a request's template comes from. */
export interface TemplateSource {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

const maxBodyBytes = 51_200;
const maxObjectBytes = 1_048_576;

/**
 * The text of the template that a request names: its body, an object of the local S3, or that of the stack before.
 * @throws AwsError ValidationError
 */
export async function readTemplateText(
  source: TemplateSource,
  previous: string | undefined,
  { gateway, principal, endpoint }: { gateway: Gateway; principal: Principal; endpoint: string },
): Promise<string> {
  const { TemplateBody: body, TemplateURL: url, UsePreviousTemplate: isPrevious } = source;
  if (body !== undefined && url !== undefined) {
    throw validationError('Specify exactly one of the following: TemplateBody or TemplateURL');
  }
  if (body !== undefined) {
    if (Buffer.byteLength(body) <= maxBodyBytes) return body;
    throw validationError(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${maxBodyBytes}`,
    );
  }
  if (url !== undefined) return readObject(url, { gateway, principal, endpoint });
  if (isPrevious && previous) return previous;
  throw validationError('Either Template URL or Template Body must be specified.');
}

async function readObject(
  url: string,
  { gateway, principal, endpoint }: { gateway: Gateway; principal: Principal; endpoint: string },
): Promise<string> {
  const place = objectOf(url, endpoint);
  if (!place) throw validationError('TemplateURL must be a supported URL.');
  try {
    // S3 answers a body as bytes inside the process.
    const { Body: body } = (await gateway.handle(
      { service: 's3', operation: 'GetObject', input: { Bucket: place.bucket, Key: place.key } },
      principal,
    )) as { Body?: Uint8Array };
    const bytes = body ?? new Uint8Array();
    if (bytes.byteLength <= maxObjectBytes) return Buffer.from(bytes).toString('utf8');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError(`S3 error: ${error.message}`);
  }
  throw validationError(`Template may not exceed ${maxObjectBytes} bytes in size.`);
}

/** The bucket and key of an S3 address: by path or by host, on AWS's endpoints or the local one. */
function objectOf(text: string, endpoint: string): { bucket: string; key: string } | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const path = decodeURIComponent(url.pathname.slice(1));
  const virtual = /^(.+)\.s3[.-][\w.-]*amazonaws\.com$/.exec(url.hostname)?.[1];
  if (virtual !== undefined) return { bucket: virtual, key: path };
  const isByPath = url.origin === endpoint || /^s3[.-][\w.-]*amazonaws\.com$/.test(url.hostname);
  const slash = path.indexOf('/');
  return isByPath && slash > 0 ? { bucket: path.slice(0, slash), key: path.slice(slash + 1) } : undefined;
}

/**
 * Reads a template's text.
 * @throws AwsError ValidationError for what is no template, NotImplemented for YAML and transforms
 */
export function readTemplateBody(text: string, stackName: string): { template: Template; raw: JsonObject } {
  const raw = parseJson(text);
  try {
    return { template: parseTemplate(raw, stackName), raw };
  } catch (error) {
    if (!(error instanceof LocalCloudError)) throw error;
    if (raw['Transform'] !== undefined) throw notSupportedLocally(`the transform ${JSON.stringify(raw['Transform'])}`);
    throw validationError(`Template format error: ${error.message}`);
  }
}

function parseJson(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!text.trimStart().startsWith('{')) {
      throw notSupportedLocally('a template in YAML (write it as JSON, as cdk synth does)');
    }
    throw validationError(
      `Template format error: JSON not well-formed. (${error instanceof Error ? error.message : ''})`,
    );
  }
  if (!isJsonObject(value)) throw validationError('Template format error: unsupported structure.');
  const { Resources: resources } = value;
  if (!isJsonObject(resources) || Object.keys(resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  return value;
}

/** What a template says of itself. */
export function descriptionOf(raw: JsonObject): string | undefined {
  const { Description: text } = raw;
  return typeof text === 'string' ? text : undefined;
}
