import type { Clock } from '../../shared/clock.ts';
import type { Bus } from '../../shared/events/bus.ts';
import type { EventOf, SlipwayEvent } from '../../shared/events/event.ts';
import type { Pipelines, StartRequest } from '../../shared/releases/pipelines.ts';
import type { WorkflowStatus, Workflows } from '../../shared/releases/workflows.ts';
import type { Service, ServiceDirectory } from '../../shared/services/service.ts';
import type { Store } from '../../shared/state/store.ts';
import type { TaskTokens } from '../../shared/state/waits.ts';
import { memoryStore } from './memory-store.ts';

export const pipelineArn = 'arn:aws:codepipeline:us-east-1:123456789012:checkout';
export const releaseId = `r-${'1'.repeat(32)}`;
export const otherReleaseId = `r-${'2'.repeat(32)}`;
export const commit = 'c'.repeat(40);

/** A declared service. */
export function aService(changes: Partial<Service> = {}): Service {
  return {
    contract: 1,
    name: 'checkout',
    pipeline: { arn: pipelineArn },
    source: {
      bucket: 'sources',
      key: 'checkout.zip',
      action: 'Source',
      github: { repository: 'acme/checkout', branch: 'main' },
    },
    environments: [{ name: 'production' }],
    ...changes,
  };
}

/** A request for a release as a webhook publishes it. */
export function aRequest(changes: Partial<EventOf<'release.requested'>> = {}): EventOf<'release.requested'> {
  const id = changes.releaseId ?? releaseId;
  return {
    contract: 1,
    id: `${id}/requested`,
    at: '2026-01-05T09:00:00.000Z',
    type: 'release.requested',
    releaseId: id,
    service: 'checkout',
    traceId: 'trace',
    cause: { kind: 'webhook', trigger: 'github' },
    requestedBy: 'github/octocat',
    ...changes,
  };
}

/** A clock that tests move by hand. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

/** Everything that the domain's verbs may need, in memory; what they did outside is in the arrays. */
export interface Domain {
  readonly store: Store;
  readonly clock: TestClock;
  readonly bus: Bus;
  readonly pause: () => Promise<void>;
  readonly tasks: TaskTokens;
  readonly services: ServiceDirectory;
  readonly pipelines: Pipelines;
  readonly workflows: Workflows;
  readonly published: SlipwayEvent[];
  readonly resumed: { token: string; outcome: unknown }[];
  readonly started: { arn: string; request: StartRequest }[];
  /** What `findExecution` answers, by execution id. */
  readonly executions: Map<string, { status: string; revisions: { type: 'S3_OBJECT_VERSION_ID'; value: string }[] }>;
  /** What `statusOf` answers, by execution ARN; running when absent. */
  readonly ended: Map<string, WorkflowStatus>;
}

/** Makes a domain. Starting a pipeline twice with one token starts once, as CodePipeline does. */
export function aDomain({
  services = [aService()],
  store = memoryStore(),
}: { services?: Service[]; store?: Store } = {}): Domain {
  let nowMs = Date.UTC(2026, 0, 5, 9);
  const published: SlipwayEvent[] = [];
  const resumed: Domain['resumed'] = [];
  const started: Domain['started'] = [];
  const executions: Domain['executions'] = new Map();
  const ended: Domain['ended'] = new Map();
  const tokens: string[] = [];
  return {
    store,
    clock: { nowMs: () => nowMs, advance: (ms) => void (nowMs += ms) },
    bus: { publish: async (event) => void published.push(event) },
    pause: async () => {},
    tasks: {
      succeed: async (token, outcome) => {
        resumed.push({ token, outcome: JSON.parse(outcome) });
        return 'resumed';
      },
    },
    services: { list: async () => services, find: async (name) => services.find((service) => service.name === name) },
    pipelines: {
      start: async (arn, request) => {
        if (!tokens.includes(request.token)) {
          tokens.push(request.token);
          started.push({ arn, request });
        }
        return `execution-${tokens.indexOf(request.token) + 1}`;
      },
      findExecution: async (_, executionId) => executions.get(executionId),
    },
    workflows: { statusOf: async (arn) => ended.get(arn) ?? 'running' },
    published,
    resumed,
    started,
    executions,
    ended,
  };
}

let eventCount = 0;

/** An event of CodePipeline. */
export function pipelineEvent(state: string, { time = '2026-01-05T09:00:10Z', execution = 'execution-1' } = {}) {
  return about('Pipeline', time, { pipeline: 'checkout', 'execution-id': execution, state });
}

/** An action's event of CodePipeline. */
export function actionEvent(
  state: string,
  {
    stage = 'Scan',
    action = 'Scan',
    category = 'Invoke',
    summary = '',
    time = '2026-01-05T09:00:05Z',
    execution = 'execution-1',
  } = {},
) {
  return about('Action', time, {
    pipeline: 'checkout',
    'execution-id': execution,
    stage,
    action,
    state,
    type: { owner: 'AWS', provider: 'Lambda', category, version: '1' },
    ...(summary && { 'execution-result': { 'external-execution-summary': summary } }),
  });
}

function about(level: string, time: string, detail: Record<string, unknown>) {
  return {
    version: '0',
    id: `event-${++eventCount}`,
    'detail-type': `CodePipeline ${level} Execution State Change`,
    source: 'aws.codepipeline',
    account: '123456789012',
    time,
    region: 'us-east-1',
    resources: [pipelineArn],
    detail: { ...detail, version: 1 },
  };
}
