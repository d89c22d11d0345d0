import * as z from 'zod/mini';
import { ActionFailed } from '../../result.ts';
import type { WebAnswer, WebApi } from '../../web/web-api.ts';
import { spell, type Component } from '../components/component.ts';
import type { Ecosystem } from '../components/ecosystem.ts';
import { canBeAsked } from '../versions/compare.ts';
import { advisorySchema, type Advised, type Advisory, type AdvisorySource } from './advisory.ts';
import { verdictOf } from './affects.ts';

/** Queries in one request, the documented most (google.github.io/osv.dev/post-v1-querybatch). */
const batchSize = 1_000;
/** Pages of one query; a package has a few dozen advisories. */
const mostPages = 50;
const parallelReads = 10;

const batchSchema = z.object({
  results: z.array(
    z.nullish(
      z.object({
        vulns: z.nullish(z.array(z.object({ id: z.string() }))),
        next_page_token: z.nullish(z.string()),
      }),
    ),
  ),
});

interface Query {
  readonly component: Component & { readonly ecosystem: Ecosystem };
  readonly pageToken: string | undefined;
}

/**
 * OSV's API. It compares the versions; one that can't be compared is asked for without it, and every advisory of its
 * package then counts as undecided unless it names the version or rules it out.
 */
export function osvApi(api: WebApi): AdvisorySource {
  return {
    async look(components, signal) {
      const queries = components.flatMap((component) => queryOf(component) ?? []);
      const hits = await findIds(api, queries, signal);
      const advisories = await readAdvisories(api, new Set([...hits.values()].flat()), signal);
      const advised = [...hits].flatMap(([component, ids]) =>
        ids.flatMap((id) => adviceOf(component, advisories.get(id)) ?? []),
      );
      return { advised, unchecked: [] };
    },
  };
}

function queryOf(component: Component): Query | undefined {
  const { ecosystem } = component;
  return ecosystem && { component: { ...component, ecosystem }, pageToken: undefined };
}

async function findIds(
  api: WebApi,
  queries: readonly Query[],
  signal: AbortSignal,
): Promise<ReadonlyMap<Component, readonly string[]>> {
  const found = new Map<Component, string[]>();
  let open = queries;
  for (let page = 0; open.length > 0; page += 1) {
    if (page === mostPages) throw unusable(`does not end: ${mostPages} pages for ${spell(open[0]!.component)}`);
    const next: Query[] = [];
    for (let start = 0; start < open.length; start += batchSize) {
      signal.throwIfAborted();
      const batch = open.slice(start, start + batchSize);
      next.push(...collect(batch, await ask(api, batch), found));
    }
    open = next;
  }
  return found;
}

/** Keeps the ids of a page. @returns the queries that have another one */
function collect(
  batch: readonly Query[],
  answers: z.infer<typeof batchSchema>['results'],
  found: Map<Component, string[]>,
): Query[] {
  return batch.flatMap((query, index) => {
    const { vulns, next_page_token: pageToken } = answers[index] ?? {};
    const ids = vulns?.map(({ id }) => id) ?? [];
    if (ids.length > 0) found.set(query.component, [...(found.get(query.component) ?? []), ...ids]);
    return pageToken ? [{ ...query, pageToken }] : [];
  });
}

async function ask(api: WebApi, batch: readonly Query[]): Promise<z.infer<typeof batchSchema>['results']> {
  const answer = await api.call({
    method: 'POST',
    path: 'v1/querybatch',
    body: { queries: batch.map(toQuery) },
    isRepeatable: true,
  });
  const { results } = read(batchSchema, answer);
  if (results.length !== batch.length) throw unusable(`answered ${results.length} results to ${batch.length} queries`);
  return results;
}

function toQuery({ component: { ecosystem, name, version }, pageToken }: Query): object {
  const isKnown = version !== undefined && canBeAsked(ecosystem, version);
  return {
    package: { ecosystem, name },
    ...(isKnown && { version }),
    ...(pageToken !== undefined && { page_token: pageToken }),
  };
}

async function readAdvisories(
  api: WebApi,
  ids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Advisory>> {
  const advisories = new Map<string, Advisory>();
  const open = [...ids];
  const readNext = async (): Promise<void> => {
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      signal.throwIfAborted();
      const answer = await api.call({ method: 'GET', path: `v1/vulns/${encodeURIComponent(id)}` });
      advisories.set(id, read(advisorySchema, answer));
    }
  };
  await Promise.all(Array.from({ length: parallelReads }, readNext));
  return advisories;
}

function adviceOf(component: Component, advisory: Advisory | undefined): Advised | undefined {
  if (!advisory || advisory.withdrawn) return undefined;
  const { ecosystem, version } = component;
  // The service has compared the version.
  if (ecosystem && version !== undefined && canBeAsked(ecosystem, version))
    return { component, advisory, isCertain: true };
  const verdict = verdictOf(component, advisory);
  return verdict === 'unaffected' ? undefined : { component, advisory, isCertain: verdict === 'affected' };
}

function read<Schema extends z.core.$ZodType>(schema: Schema, answer: WebAnswer): z.output<Schema> {
  const result = z.safeParse(schema, answer.json());
  if (result.success) return result.data;
  throw unusable(`answered something else than its documentation says (at ${result.error.issues[0]?.path.join('.')})`);
}

function unusable(how: string): ActionFailed {
  return new ActionFailed('SystemUnavailable', `OSV's API ${how}; is its URL right?`);
}
