import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MetricValue } from '../../../shared/actions/gateways/metrics.ts';
import { ActionFailed } from '../../../shared/actions/result.ts';
import { actionBench, type ActionBench } from '../../../shared/actions/testing/testing.ts';
import { annotate } from '../../../shared/actions/update-dashboard/annotate.ts';
import { updateDashboard } from '../../../shared/actions/update-dashboard/declaration.ts';
import updateDashboardAction from '../../../shared/actions/update-dashboard/run.ts';
import { appendEvent } from '../../../shared/state/event-log.ts';
import type { Release } from '../../../shared/state/release.ts';
import { aRequest, commit, releaseId } from '../../support/domain.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { webServer, type WebReply, type WebRequest, type WebServer } from '../../support/web-server.ts';

const context = { pipelineExecutionId: 'e-1', pipeline: 'shop', stage: 'Deploy', action: 'Mark' };
const nowMs = Date.UTC(2026, 0, 5, 9);
const graph = (title: string, more: object = {}): object => ({ type: 'metric', x: 0, properties: { title, ...more } });
const bodyOf = (...widgets: object[]): string => JSON.stringify({ start: '-PT6H', widgets });

let release: Release;
beforeAll(async () => {
  const request = aRequest({ revision: { type: 'COMMIT_ID', value: commit } });
  ({ release } = await appendEvent({ store: memoryStore(), pause: async () => {} }, request));
});

let server: WebServer;
let reply: (request: WebRequest) => WebReply;
let dashboards: Map<string, string>;
let values: MetricValue[];
let writeCount: number;
beforeEach(async () => {
  server = await webServer((request) => reply(request));
  dashboards = new Map([['shop', bodyOf(graph('Errors'), graph('Latency'), { type: 'text', properties: {} })]]);
  values = [];
  writeCount = 0;
});
afterEach(() => server.close());

function open({ secret = 's3cret', dies = false } = {}): ActionBench {
  const metrics = {
    put: async (value: MetricValue) => void values.push(value),
    async readDashboard(name: string) {
      const body = dashboards.get(name);
      if (body === undefined) throw new ActionFailed('ConfigurationError', `there is no dashboard ${name}`);
      return body;
    },
    async writeDashboard(name: string, body: string) {
      writeCount += 1;
      dashboards.set(name, body);
      if (dies && writeCount === 1) throw new Error('the function died');
    },
  };
  const gateways = { metrics, secrets: { read: async () => secret } };
  return actionBench(updateDashboardAction, { release, gateways, remainingMs: 2_600, clock: { nowMs: () => nowMs } });
}

function linesOf(name: string): unknown[] {
  const { widgets } = JSON.parse(dashboards.get(name) ?? '');
  return widgets.map(
    (widget: { properties: { annotations?: { vertical: unknown } } }) => widget.properties.annotations,
  );
}

describe('update-dashboard in CloudWatch', () => {
  const parameters = { provider: 'cloudwatch', dashboard: 'shop', text: '{{service}} {{shortCommit}}' };
  const line = {
    label: expect.stringMatching(/^checkout cccccccc \[slipway [0-9a-f]{8}\]$/),
    value: '2026-01-05T09:00:00.000Z',
  };

  it('draws a line into every graph, and puts a value, once however often its stage is retried', async () => {
    const bench = open();
    const both = { ...parameters, metric: { namespace: 'Deployments', name: 'Released' } };
    for (const id of ['job-1', 'job-2']) {
      const { answers } = await bench.deliver({ id, context, parameters: both });
      expect(answers).toMatchObject([{ answer: { kind: 'succeeded', summary: 'checkout cccccccc is marked' } }]);
    }
    expect(linesOf('shop')).toEqual([{ vertical: [line] }, { vertical: [line] }, undefined]);
    expect(values).toEqual([
      {
        ...{ namespace: 'Deployments', name: 'Released', value: 1, unit: 'Count' },
        ...{ at: '2026-01-05T09:00:00.000Z', dimensions: { Service: 'checkout' } },
      },
    ]);
  });

  it('finds its line when an earlier run drew it and died', async () => {
    const bench = open({ dies: true });
    await bench.deliver({ id: 'job-1', context, parameters });
    const { answers } = await bench.deliver({ id: 'job-2', context, parameters });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded' } }]);
    expect([writeCount, linesOf('shop')[0]]).toEqual([1, { vertical: [line] }]);
  });

  it.each([
    ['there is no such dashboard', { dashboard: 'none' }, /no dashboard none/],
    ['no graph has the title', { widget: 'Money' }, /no graph over time of the title "Money"/],
  ])('fails when %s', async (_what, more, message) => {
    const { answers } = await open().deliver({ context, parameters: { ...parameters, ...more } });
    expect(answers).toMatchObject([
      { answer: { type: 'ConfigurationError', message: expect.stringMatching(message) } },
    ]);
  });
});

describe('a line in a dashboard', () => {
  const line = { text: 'v1', id: '0a1b2c3d', at: '2026-01-05T09:00:00.000Z' };
  const changed = (body: string, title?: string): { widgets: { properties: object }[]; start?: string } => {
    const annotated = annotate(body, line, title);
    if (annotated.kind !== 'changed') throw new Error(annotated.kind);
    return JSON.parse(annotated.body);
  };

  it('leaves everything else as it is', () => {
    const band = [{ value: '2026-01-01T00:00:00Z' }, { value: '2026-01-02T00:00:00Z' }];
    const horizontal = [{ label: 'limit', value: 5 }];
    const one = graph('Errors', { stacked: true, annotations: { horizontal, vertical: [band] } });
    const after = changed(bodyOf(one, { type: 'alarm', properties: { alarms: ['a'] } }));
    expect(after).toEqual({
      start: '-PT6H',
      widgets: [
        graph('Errors', {
          stacked: true,
          annotations: { horizontal, vertical: [band, { label: 'v1 [slipway 0a1b2c3d]', value: line.at }] },
        }),
        { type: 'alarm', properties: { alarms: ['a'] } },
      ],
    });
  });

  it('goes into the graph of a title alone, and into graphs over time alone', () => {
    const body = bodyOf(graph('A'), graph('B'), graph('B', { view: 'singleValue' }));
    const has = changed(body, 'B').widgets.map(({ properties }) => 'annotations' in properties);
    expect(has).toEqual([false, true, false]);
  });

  it('is one of 20 of ours at the most, and takes no line of others away', () => {
    const ours = Array.from({ length: 25 }, (_, index) => ({
      label: `v [slipway ${String(index).padStart(8, '0')}]`,
      value: '2026-01-01T00:00:00Z',
    }));
    const theirs = { label: 'launch', value: '2020-01-01T00:00:00Z' };
    const after = changed(bodyOf(graph('A', { annotations: { vertical: [theirs, ...ours] } })));
    const { vertical } = (after.widgets[0]?.properties as { annotations: { vertical: unknown[] } }).annotations;
    expect(vertical).toEqual([theirs, ...ours.slice(6), { label: 'v1 [slipway 0a1b2c3d]', value: line.at }]);
  });

  it.each(['', 'no JSON', '[]', '{"widgets":7}', bodyOf(), bodyOf({ type: 'text', properties: {} })])(
    'has no place in %j',
    (body) => expect(annotate(body, line)).toEqual({ kind: 'no-graph' }),
  );
});

describe('update-dashboard in Grafana', () => {
  const parameters = (): object => ({
    ...{ provider: 'grafana', secret: 'grafana', url: server.url, dashboardUid: 'shop', panelId: 2, tags: ['prod'] },
  });
  let made: { tags: string[] }[];
  beforeEach(() => {
    made = [];
    reply = ({ method, path, text }) => {
      if (method === 'POST')
        return { status: 200, body: { message: 'Annotation added', id: made.push(JSON.parse(text)) } };
      const tag = new URL(path, 'http://grafana').searchParams.get('tags') ?? '-';
      return { status: 200, body: made.flatMap(({ tags }, index) => (tags.includes(tag) ? [{ id: index + 1 }] : [])) };
    };
  });

  it('makes one annotation, however often its stage is retried', async () => {
    const bench = open();
    for (const id of ['job-1', 'job-2']) {
      const withSlash = { ...parameters(), url: `${server.url}/` };
      const { answers } = await bench.deliver({ id, context, parameters: withSlash });
      expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { annotation: '1' } } }]);
    }
    expect(made).toEqual([
      {
        ...{ dashboardUID: 'shop', panelId: 2, time: nowMs, text: 'checkout cccccccc requested' },
        tags: ['prod', 'release', 'checkout', expect.stringMatching(/^slipway:[0-9a-f]{8}$/)],
      },
    ]);
    expect(server.requests).toMatchObject([{ path: '/api/annotations', headers: { authorization: 'Bearer s3cret' } }]);
  });

  it('finds by its tag the annotation whose answer was lost', async () => {
    const { reply: answered } = { reply };
    reply = (request) => {
      const answer = answered(request);
      return request.method === 'POST' ? 'none' : answer;
    };
    const bench = open();
    const lost = await bench.deliver({ id: 'job-1', context, parameters: parameters() });
    expect(lost.answers).toMatchObject([{ answer: { type: 'SystemUnavailable' } }]);
    const { answers } = await bench.deliver({ id: 'job-2', context, parameters: parameters() });
    expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { annotation: '1' } } }]);
    expect(made).toHaveLength(1);
  });
});

describe('update-dashboard in Datadog', () => {
  const parameters = (): object => ({ provider: 'datadog', secret: 'datadog', url: server.url, tags: ['env:prod'] });

  it('posts one event, of one aggregation key', async () => {
    reply = () => ({ status: 202, body: { status: 'ok', event: { id: 7, id_str: '7' } } });
    const bench = open();
    for (const id of ['job-1', 'job-2']) {
      const withSlash = { ...parameters(), url: `${server.url}/` };
      const { answers } = await bench.deliver({ id, context, parameters: withSlash });
      expect(answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { annotation: '7' } } }]);
    }
    expect(server.requests).toMatchObject([{ path: '/api/v1/events', headers: { 'dd-api-key': 's3cret' } }]);
    expect(JSON.parse(server.requests[0]?.text ?? '')).toEqual({
      title: 'checkout cccccccc requested',
      text: `checkout cccccccc requested\nrelease ${releaseId}, asked for by github/octocat`,
      date_happened: nowMs / 1000,
      tags: ['env:prod', 'service:checkout', `version:${commit}`],
      aggregation_key: expect.stringMatching(/^slipway:[0-9a-f]{8}$/),
      alert_type: 'info',
      source_type_name: 'slipway',
    });
  });

  it('fails for a secret that is no key', async () => {
    const { answers } = await open({ secret: 'user:s3cret' }).deliver({ context, parameters: parameters() });
    expect(answers).toMatchObject([
      { answer: { type: 'ConfigurationError', message: expect.not.stringContaining('s3cret') } },
    ]);
  });
});

describe.each(['grafana', 'datadog'])('update-dashboard with %s', (provider) => {
  it.each<[WebReply, string]>([
    [{ status: 403, body: { errors: ['s3cret'] } }, 'PermissionError'],
    [{ status: 400, body: { errors: ['s3cret'] } }, 'ConfigurationError'],
    [{ status: 429, headers: { 'retry-after': '30' } }, 'SystemUnavailable'],
    [{ status: 500, body: 's3cret' }, 'SystemUnavailable'],
    [{ status: 200, body: '<p>s3cret</p>' }, 'SystemUnavailable'],
    [{ status: 200, body: { other: 's3cret' } }, 'SystemUnavailable'],
    ['none', 'SystemUnavailable'],
  ])('fails for the answer %j, and does not quote it', async (wrong, type) => {
    reply = () => wrong;
    const { answers } = await open().deliver({ context, parameters: { provider, secret: 's', url: server.url } });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', type, message: expect.not.stringContaining('s3cret') } },
    ]);
  });
});

it.each([
  ['no provider', {}, 'provider'],
  ['nothing to do in CloudWatch', { provider: 'cloudwatch' }, 'a dashboard, a metric or both'],
  [
    'a graph of no dashboard',
    { provider: 'cloudwatch', widget: 'x', metric: { namespace: 'Own', name: 'x' } },
    'is a graph of a dashboard',
  ],
  ['a namespace of AWS', { provider: 'cloudwatch', metric: { namespace: 'AWS/Lambda', name: 'x' } }, 'namespace'],
  ['a parameter of another provider', { provider: 'datadog', secret: 's', panelId: 1 }, 'panelId'],
  ['no site for Grafana', { provider: 'grafana', secret: 's' }, 'url'],
])('update-dashboard refuses %s', (_what, given, where) => {
  const { success, error } = updateDashboard.parameters.safeParse(given);
  expect(success).toBe(false);
  expect(JSON.stringify(error?.issues)).toContain(where);
});
