import { implementAction, type ActionInput } from '../action.ts';
import { ActionFailed, answerLimits, fail, succeed } from '../result.ts';
import { readCredentials } from '../gateways/secrets.ts';
import type { resolveImageDigest as Declaration } from './declaration.ts';
import { resolveImageDigest } from './declaration.ts';
import { definitionFiles, readDefinitions, type ImageDefinition } from './definitions.ts';
import { dockerHub, ecrPlaceOf, readReference, type ImageReference } from './reference.ts';
import { digestByRegistry } from './registry-api.ts';

type Input = ActionInput<typeof Declaration>;

/** More than Amazon ECS runs in one task (10), for several services at once. */
const mostImages = 50;

export default implementAction(resolveImageDigest, async (input) => {
  const { parameters, artifacts } = input;
  const wanted = await wantedImages(input);
  if (wanted.length === 0 || wanted.length > mostImages) {
    return fail('ConfigurationError', `${wanted.length} images are named, allowed are 1 to ${mostImages}`);
  }
  const references = wanted.map(({ name, imageUri }) => ({ name, reference: read(imageUri, name) }));
  const mutable = references.filter(({ reference }) => reference.digest === undefined);
  if (parameters.tags === 'refuse' && mutable.length > 0) {
    const named = mutable.map(({ name, reference }) => `${name} (${reference.name}:${reference.tag})`).join(', ');
    return fail('JobFailed', `images are named by tags, which may be moved: ${named}; name them by digest`);
  }
  const definitions: ImageDefinition[] = [];
  for (const { name, reference } of references) {
    definitions.push({ name, imageUri: `${reference.name}@${await digestOf(reference, input)}` });
  }
  if (artifacts.outputs.length > 0) await artifacts.write(definitionFiles(definitions));
  return succeed({ outputs: outputsOf(definitions), summary: summaryOf(definitions) });
});

async function wantedImages({ parameters, artifacts }: Input): Promise<ImageDefinition[]> {
  const { images, definitionsPath } = parameters;
  const given = Object.entries(images).map(([name, imageUri]) => ({ name, imageUri }));
  const filed = definitionsPath === undefined ? [] : readDefinitions(await artifacts.read(), definitionsPath);
  const all = [...filed, ...given];
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (twice) throw new ActionFailed('ConfigurationError', `container ${twice.name} is named twice; name it once`);
  return all;
}

function read(imageUri: string, name: string): ImageReference {
  const reference = readReference(imageUri);
  if (reference) return reference;
  throw new ActionFailed(
    'ConfigurationError',
    `image ${JSON.stringify(imageUri.slice(0, 200))} of ${name} is no reference; write host/repository:tag`,
  );
}

async function digestOf(reference: ImageReference, input: Input): Promise<string> {
  const { host, repository, tag, digest } = reference;
  const place = ecrPlaceOf(host);
  if (place) return input.gateways.images.digestOf({ ...place, repository, tag, digest });
  const secrets = input.parameters.registrySecrets;
  const secret = secrets[host] ?? (host === dockerHub ? secrets['docker.io'] : undefined);
  const credentials = secret === undefined ? undefined : await readCredentials(input.gateways.secrets, secret);
  return digestByRegistry(reference, credentials, input);
}

function outputsOf(definitions: readonly ImageDefinition[]) {
  const json = JSON.stringify(definitions);
  const [first, ...others] = definitions;
  const isOne = first !== undefined && others.length === 0;
  return {
    imageCount: String(definitions.length),
    ...(Buffer.byteLength(json) < answerLimits.outputsBytes - 2_000 && { imageDefinitions: json }),
    ...(isOne && { imageUri: first.imageUri, digest: first.imageUri.split('@')[1] ?? '' }),
  };
}

function summaryOf(definitions: readonly ImageDefinition[]): string {
  return definitions.map(({ name, imageUri }) => `${name}: ${imageUri}`).join(', ');
}
