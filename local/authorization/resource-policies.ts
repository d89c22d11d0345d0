import type { Json } from '../json.ts';
import { LocalCloudError } from '../errors.ts';
import { compilePolicy, type Policy } from './policy.ts';

/** The policies of resources. */
export interface ResourcePolicies {
  /** The policy that stands on a resource; undefined if there is none. */
  find(service: string, resource: string): Policy | undefined;
}

/** Where the document of a service's resource is; undefined for a resource without a policy. */
export type FindDocument = (resource: string) => Json | undefined;

/** Reads policies of resources through the services that keep them; each document is compiled once. */
export function openResourcePolicies(
  documentOf: (service: string) => FindDocument | undefined,
  report: (line: string) => void,
): ResourcePolicies {
  const compiled = new Map<string, Policy>();
  const compile = (document: Json, resource: string): Policy => {
    try {
      return compilePolicy(document);
    } catch (error) {
      if (!(error instanceof LocalCloudError)) throw error;
      report(`permissions: the policy of ${resource} allows nothing: ${error.message}`);
      return { statements: [] };
    }
  };
  return {
    find(service, resource) {
      const document = documentOf(service)?.(resource);
      if (document === undefined) return undefined;
      const text = typeof document === 'string' ? document : JSON.stringify(document);
      const known = compiled.get(text);
      if (known) return known;
      const policy = compile(document, resource);
      if (compiled.size >= maxCompiled) compiled.clear();
      compiled.set(text, policy);
      return policy;
    },
  };
}

const maxCompiled = 2_000;
