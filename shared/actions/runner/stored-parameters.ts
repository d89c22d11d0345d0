import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import '../../json.ts'; // reasons in English
import { parseJson } from '../../parse-json.ts';
import { repeatedName } from './repeated-name.ts';
import { fail, type Failure } from '../result.ts';

/** Parameters that did not fit into the 1,000 characters that CodePipeline passes. */
export interface StoredParameters {
  /**
   * The text under a name; undefined if there is none.
   * @throws ActionFailed PermissionError if the action may not read it
   */
  read(name: string): Promise<string | undefined>;
}

const pointerSchema = z.object({
  parametersFrom: z.strictObject({ name: z.string().check(z.minLength(1)), sha256: z.string() }),
  parameters: z._default(z.record(z.string(), z.unknown()), {}),
});

/**
 * Puts the stored parameters that UserParameters point at (`"parametersFrom": { name, sha256 }`) beside those that came
 * along. What was stored must be, byte for byte, what was deployed.
 * @returns the whole text, or why there is none
 */
export async function withStoredParameters(
  text: string | undefined,
  stored: StoredParameters | undefined,
): Promise<string | undefined | Failure> {
  if (text === undefined) return undefined;
  const content = parseJson(text);
  if (typeof content !== 'object' || content === null || !('parametersFrom' in content)) return text;
  const read = pointerSchema.safeParse(content);
  if (!read.success)
    return configurationError('UserParameters.parametersFrom must be { "name": …, "sha256": … }; deploy the pipeline');
  const { name, sha256 } = read.data.parametersFrom;
  const value = await stored?.read(name);
  if (value === undefined)
    return configurationError(
      `the parameters lie in ${name} of Parameter Store, which is not there; deploy the pipeline, and start it again`,
    );
  if (createHash('sha256').update(value).digest('hex') !== sha256)
    return configurationError(
      `${name} of Parameter Store holds other parameters than the pipeline was deployed with; deploy the pipeline again`,
    );
  const { parametersFrom: _pointer, ...rest } = { ...content };
  // Its hash says that synth has written it, from an object.
  const known = JSON.parse(value) as Readonly<Record<string, unknown>>;
  const twice = repeatedName(text) ?? Object.keys(read.data.parameters).find((one) => Object.hasOwn(known, one));
  if (twice !== undefined)
    return configurationError(`UserParameters has "${twice}" twice; does a variable's text hold quotes?`);
  return JSON.stringify({ ...rest, parameters: { ...known, ...read.data.parameters } });
}

function configurationError(message: string): Failure {
  return fail('ConfigurationError', message);
}
