import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';

/** Properties of the resource that are no part of the pipeline's declaration. */
const besideDeclaration = [
  'Name',
  'Tags',
  'RestartExecutionOnUpdate',
  'DisableInboundStageTransitions',
  'ArtifactStores',
];

/** Members that the API has as numbers or as true and false; a template may write them as text. */
const numbers = ['maximumCount', 'minimumCount', 'runOrder', 'timeoutInMinutes'];
const booleans = ['key', 'queryable', 'required', 'secret'];

/**
 * A pipeline's declaration from its resource's properties: members lose their capital, a configuration keeps its keys and
 * turns its values to text, the list of artifact stores becomes a map by region. The service checks the result.
 * @param name what the pipeline is called if `Name` does not say
 */
export function declarationOf(properties: JsonObject, name: string): PipelineDeclaration {
  const own = Object.entries(properties).filter(([key]) => !besideDeclaration.includes(key));
  const stores = artifactStoresOf(properties['ArtifactStores']);
  const declaration = {
    name: typeof properties['Name'] === 'string' ? properties['Name'] : name,
    ...Object.fromEntries(own.map(([key, value]) => [uncapitalized(key), respelled(key, value)])),
    ...(stores && { artifactStores: stores }),
  };
  // CreatePipeline and UpdatePipeline check every member of what comes out.
  return declaration as unknown as PipelineDeclaration;
}

/** A template's value in the API's spelling; `key` is the property that has it. */
export function respelled(key: string, value: Json): Json {
  if (key === 'Configuration' && isJsonObject(value)) return textValues(value);
  if (numbers.includes(uncapitalized(key)) && typeof value === 'string') return Number(value);
  if (booleans.includes(uncapitalized(key)) && typeof value === 'string') return value === 'true';
  if (Array.isArray(value)) return value.map((element) => respelled('', element));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [uncapitalized(name), respelled(name, member)]);
  return Object.fromEntries(members) as JsonObject;
}

function textValues(configuration: JsonObject): JsonObject {
  const text = (value: Json): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  return Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key, text(value)]));
}

function artifactStoresOf(stores: Json | undefined): JsonObject | undefined {
  if (!Array.isArray(stores)) return undefined;
  const entries = stores.filter(isJsonObject).map((entry) => {
    return [String(entry['Region']), respelled('', entry['ArtifactStore'] ?? null)];
  });
  return Object.fromEntries(entries) as JsonObject;
}

function uncapitalized(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
