import type { ArtifactFiles } from '../../artifacts.ts';
import * as z from 'zod/mini';
import { ActionFailed } from '../../result.ts';
import { filesOfZip } from '../../zip.ts';
import { spell, type Component } from '../components/component.ts';
import { isExcluded } from '../excluded.ts';
import { advisorySchema, type Advised, type Advisory, type AdvisorySource } from './advisory.ts';
import { ecosystemIn, nameIn, verdictOf } from './affects.ts';

/** OSV's largest `all.zip` has some 200,000 records. */
const limits = { recordCount: 1_000_000, recordBytes: 10_000_000 };

/**
 * Advisories in OSV's published format (google.github.io/osv.dev/data): records in `.json` files, or an ecosystem's
 * `all.zip`, in a file or folder of an artifact. Of an ecosystem that it holds no record of, nothing is checked.
 */
export function offlineAdvisories(files: ArtifactFiles, path: string): AdvisorySource {
  return {
    async look(components, signal) {
      const index = indexOf(components);
      const held = new Set<string>();
      const advised: Advised[] = [];
      let recordCount = 0;
      for await (const record of recordsIn(files, path)) {
        signal.throwIfAborted();
        recordCount += 1;
        const packages = packagesOf(record);
        for (const [ecosystem] of packages) held.add(ecosystem);
        const named = packages.flatMap(([ecosystem, name]) => index.get(`${ecosystem}\0${name}`) ?? []);
        advised.push(...named.flatMap((component) => adviceOf(component, record) ?? []));
      }
      if (recordCount === 0) throw refusal(`holds no advisories at ${path || 'its root'}`);
      return { advised: once(advised), unchecked: notHeld(components, held) };
    },
  };
}

function indexOf(components: readonly Component[]): ReadonlyMap<string, readonly Component[]> {
  const index = new Map<string, Component[]>();
  for (const component of components) {
    if (!component.ecosystem) continue;
    const key = `${component.ecosystem}\0${nameIn(component.ecosystem, component.name)}`;
    const others = index.get(key);
    if (others) others.push(component);
    else index.set(key, [component]);
  }
  return index;
}

/** A component that an advisory names twice is advised once. */
function once(advised: readonly Advised[]): Advised[] {
  const seen = new Map<Component, Set<string>>();
  return advised.filter(({ component, advisory }) => {
    const ids = seen.get(component) ?? new Set();
    seen.set(component, ids);
    return ids.size < ids.add(advisory.id).size;
  });
}

function notHeld(components: readonly Component[], held: ReadonlySet<string>): string[] {
  return components
    .filter(({ ecosystem }) => ecosystem && !held.has(ecosystem))
    .map((component) => `${spell(component)} (the database holds nothing of ${component.ecosystem})`);
}

const packagesSchema = z.object({
  affected: z.nullish(
    z.array(z.object({ package: z.optional(z.object({ ecosystem: z.string(), name: z.string() })) })),
  ),
});

function packagesOf(record: unknown): [ecosystem: string, name: string][] {
  const { affected } = parsed(packagesSchema, record);
  return (affected ?? []).flatMap((entry) => {
    if (!entry.package) return [];
    const ecosystem = ecosystemIn(entry.package.ecosystem);
    return [[ecosystem, nameIn(ecosystem, entry.package.name)]];
  });
}

function adviceOf(component: Component, record: unknown): Advised | undefined {
  const advisory: Advisory = parsed(advisorySchema, record);
  const verdict = verdictOf(component, advisory);
  return verdict === 'unaffected' ? undefined : { component, advisory, isCertain: verdict === 'affected' };
}

function parsed<Schema extends z.core.$ZodType>(schema: Schema, record: unknown): z.output<Schema> {
  const result = z.safeParse(schema, record);
  if (result.success) return result.data;
  throw refusal(
    `holds a record that is not in OSV's format (at ${result.error.issues[0]?.path.join('.') || 'its root'})`,
  );
}

async function* recordsIn(files: ArtifactFiles, path: string): AsyncGenerator<unknown> {
  for (const [name, content] of files) {
    if (path !== '' && !isExcluded(name, [path])) continue;
    if (name.endsWith('.json')) yield* recordsOfText(Buffer.from(content).toString('utf8'), name);
    if (name.endsWith('.zip')) yield* recordsOfZip(content, name);
  }
}

/** A file holds one record, or a list of them. */
function recordsOfText(text: string, name: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch (cause) {
    throw refusal(`holds ${name}, which is not JSON`, cause);
  }
}

/** One record at a time, so that they leave memory again. */
async function* recordsOfZip(zip: Uint8Array, name: string): AsyncGenerator<unknown> {
  let recordCount = 0;
  try {
    for await (const { path, sizeBytes, content } of filesOfZip(zip)) {
      if (!path.endsWith('.json')) continue;
      recordCount += 1;
      if (recordCount > limits.recordCount) throw refusal(`holds a zip of more than ${limits.recordCount} records`);
      if (sizeBytes > limits.recordBytes)
        throw refusal(`holds a record of ${sizeBytes} bytes, read are at most ${limits.recordBytes}`);
      yield* recordsOfText(Buffer.from(await content()).toString('utf8'), name);
    }
  } catch (cause) {
    throw cause instanceof ActionFailed ? cause : refusal(`holds ${name}, which is no whole zip`, cause);
  }
}

function refusal(problem: string, cause?: unknown): ActionFailed {
  return new ActionFailed(
    'ConfigurationError',
    `the artifact with the advisories ${problem}; put OSV's all.zip or its JSON records there`,
    { cause },
  );
}
