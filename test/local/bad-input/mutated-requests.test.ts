import { afterAll, beforeAll, expect, test } from 'vitest';
import { badError } from './answers.ts';
import { otherProtocolRequests } from './corpus/other-protocols.ts';
import { recordJsonServices } from './corpus/json-services.ts';
import { recordRunningServices } from './corpus/running-services.ts';
import { unsignedRequests } from './corpus/unsigned.ts';
import { recordXmlServices } from './corpus/xml-services.ts';
import type { Draft } from './mutations/mutation.ts';
import { mutations } from './mutations/registry.ts';
import { randomOf, type Random } from './random.ts';
import { sendRaw, type RawAnswer } from './raw-client.ts';
import { recorder, type Recorded } from './record.ts';
import { watchStore } from './store-changes.ts';
import { wireOf } from './wire.ts';
import { openWorld, type World } from './world.ts';

const seed = Number(process.env['BAD_INPUT_SEED'] ?? 20_260_105);
const mutatedCount = Number(process.env['BAD_INPUT_COUNT'] ?? 10_000);
/** How long the most patient client waits. */
const boundMs = 10_000;

let world: World;
let corpus: readonly Recorded[];
beforeAll(async () => {
  world = await openWorld();
  const made = recorder(world);
  await recordXmlServices(made);
  await recordJsonServices(made);
  await recordRunningServices(made);
  await world.cloud.settled();
  corpus = [...made.requests, ...otherProtocolRequests(), ...unsignedRequests(world.apiPath)];
});
afterAll(() => world.close());

interface Mutated {
  readonly layer: string;
  readonly draft: Draft;
}

function mutatedRequest(random: Random): Mutated {
  const layers = mutations.flatMap(([mutation, weight]) => Array.from({ length: weight }, () => mutation));
  const mutation = random.pick(layers);
  for (;;) {
    const request = random.pick(corpus);
    const draft = mutation.mutate(request, random);
    if (draft) return { layer: mutation.layer, draft: withoutStaleChecksums(draft, request) };
  }
}

/** A checksum of the body that was would refuse every other body before anyone looks at it. */
function withoutStaleChecksums(draft: Draft, { body }: Recorded): Draft {
  if (draft.body === body) return draft;
  const kept = Object.entries(draft.headers).filter(([name]) => !/^(x-amz-checksum-(?!mode)|content-md5)/.test(name));
  return { ...draft, headers: Object.fromEntries(kept) };
}

async function send(draft: Draft): Promise<RawAnswer> {
  const { cloud } = world;
  const wire = wireOf(draft, { ...cloud.credentials, port: cloud.port });
  // A long poll waits on the cloud's time, which only moves when it is moved.
  const onWaiting = (): void => void cloud.advance('20s');
  return sendRaw({ port: cloud.port, ...wire, boundMs, onWaiting });
}

/**
 * Tables that change beside a refused request: the cloud writes down its time each second, and an API counts what it
 * refuses in its metrics.
 */
const besideRefusal = (draft: Draft): RegExp =>
  draft.service === undefined ? /^(cloud_settings|monitoring_.*|timers)$/ : /^cloud_settings$/;

function complaint(draft: Draft, answer: RawAnswer, changed: readonly string[]): string | undefined {
  const { status } = answer;
  const isAborted = /cut|head-only/.test(draft.framing ?? '');
  if (status === undefined) return isAborted ? changedBy(draft, changed) : 'there was no answer';
  if (status >= 500 && status !== 501) return `answered ${status}`;
  if (status < 400) return undefined;
  const api = draft.service === undefined ? undefined : world.context.gateway.describe(draft.service);
  const isSignedRight = draft.afterSigning === undefined;
  // What is no HTTP has no protocol (an expectation that nobody knows is a 417); a HEAD has no body; without a signature nobody knows the service.
  const hasProtocol = status !== 417 && answer.body !== '' && draft.method.toUpperCase() !== 'HEAD' && isSignedRight;
  return (api && hasProtocol && badError(api, answer)) || changedBy(draft, changed);
}

function changedBy(draft: Draft, tables: readonly string[]): string | undefined {
  const changed = tables.filter((table) => !besideRefusal(draft).test(table));
  return changed.length > 0 ? `a refused request changed ${changed.join(', ')}` : undefined;
}

function describeRequest({ layer, draft }: Mutated, answer: RawAnswer | undefined): string {
  const { service = 'unsigned', operation, method, path, headers, body, framing } = draft;
  const sent = `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 600)} ${body.toString().slice(0, 1_000)}`;
  const got = answer ? `${answer.status} ${answer.body.slice(0, 300)}` : '';
  return `${layer} of ${service}:${operation} ${framing ?? ''}\n  sent ${sent}\n  got ${got}`;
}

/** What earlier requests took away is put back, and what they left waiting runs. */
async function refresh(): Promise<void> {
  for (const request of corpus) await send(request);
  await world.cloud.advance('1h');
}

test(
  '[gateway.bad-input] ten thousand mutated requests cause no crash, hang or 500, and what is refused changes nothing',
  { timeout: 240_000 },
  async () => {
    const random = randomOf(seed);
    const problems: string[] = [];
    const counts: Record<string, number> = {};
    const count = (what: string): number => (counts[what] = (counts[what] ?? 0) + 1);
    const reportedBefore = world.reported.length;
    for (let index = 0; index < mutatedCount && problems.length < 200; index++) {
      if (index % 2_000 === 1_999) await refresh();
      const mutated = mutatedRequest(random);
      const { draft, layer } = mutated;
      const watch = watchStore(world.context.store.db);
      const answer = await send(draft).catch((error: Error) => error);
      if (answer instanceof Error) {
        watch.end();
        problems.push(`request ${index}, ${answer.message}: ${describeRequest(mutated, undefined)}`);
        continue;
      }
      const why = complaint(draft, answer, watch.end());
      if (why !== undefined) problems.push(`request ${index}, ${why}: ${describeRequest(mutated, answer)}`);
      for (const what of ['all', layer, draft.service ?? 'unsigned', `${Math.floor((answer.status ?? 0) / 100)}xx`])
        count(what);
      if (answer.status !== undefined && answer.status < 400) await world.cloud.settled();
    }
    const said = `seed ${seed} (BAD_INPUT_SEED repeats it)`;
    expect(problems, said).toEqual([]);
    const failures = world.reported.slice(reportedBefore).filter((line) => !/^alarm .* rings: /s.test(line));
    expect(failures, said).toEqual([]);
    expect(counts['all'], said).toBe(mutatedCount);
    for (const [mutation] of mutations)
      expect(counts[mutation.layer], mutation.layer).toBeGreaterThan(mutatedCount / 100);
    // Both outcomes must occur, else the mutations test nothing.
    expect(counts['2xx']).toBeGreaterThan(mutatedCount / 20);
    expect(counts['4xx']).toBeGreaterThan(mutatedCount / 3);
  },
);
