import { LocalCloudError } from '../errors.ts';
import type { Json } from '../json.ts';
import { readSsmParameter, type CloudReader } from './cloud-reader.ts';
import type { StackTemplate } from './assembly.ts';

/** CDK's own parameter: what version of its bootstrap stack is deployed. There is none here; the newest is answered. */
const bootstrapVersion = '9999';

/**
 * The values of a stack's parameters: their defaults, or for SSM-typed ones the value of the parameter that the default
 * names, which another stack may have made.
 */
export async function readParameters(stack: StackTemplate, reader: CloudReader): Promise<Map<string, Json>> {
  const values = new Map<string, Json>();
  for (const [name, { Type: type, Default: text }] of Object.entries(stack.template.Parameters)) {
    const where = `stack ${stack.name}, Parameters.${name}`;
    if (text === undefined) {
      throw new LocalCloudError(`${where}: it has no default, and a local cloud is given no parameters`);
    }
    values.set(name, await parameterValue(type, String(text), where, reader));
  }
  return values;
}

async function parameterValue(type: string, text: string, where: string, reader: CloudReader): Promise<Json> {
  const ssm = /^AWS::SSM::Parameter::Value<(.*)>$/.exec(type);
  if (!ssm) return isList(type) ? listOf(text) : text;
  if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(text)) return bootstrapVersion;
  const value = await readSsmParameter(text, where, reader);
  return isList(ssm[1] ?? '') ? listOf(value) : value;
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
