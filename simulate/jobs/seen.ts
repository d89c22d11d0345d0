import { readWorkflowName } from '../../shared/actions/runner/long-job.ts';
import { machineArn, tableName } from './handlers.ts';
import type { Attempt, PipelineSide } from './pipeline.ts';
import type { AllWork, WorkSeen } from './work.ts';
import type { World } from './world.ts';

/** The pipeline execution of every run. */
export const executionId = '11111111-2222-4333-8444-555555555555';

/** Where the action of a run stands. */
export const place = { pipelineExecutionId: executionId, pipeline: 'checkout', stage: 'Verify', action: 'Probe' };

/** What one action execution came to. */
export interface AttemptSeen extends Attempt {
  readonly work: WorkSeen;
  /** Whether the table has a record of the action's wait, and so of its work. */
  readonly isRecorded: boolean;
  /** Of each workflow: how many states it entered, and how often it called the action's function. */
  readonly workflows: readonly {
    readonly status: string;
    readonly enteredCount: number;
    readonly lookCount: number;
  }[];
}

/** An item of the table, as a client reads it. */
export type ItemSeen = Readonly<Record<string, { readonly S?: string }>>;

/** What each attempt of the action came to. */
export async function attemptsOf(of: {
  readonly pipeline: PipelineSide;
  readonly work: AllWork;
  readonly world: World;
}): Promise<readonly AttemptSeen[]> {
  const all = await workflowsOf(of.world);
  return Promise.all(
    of.pipeline.attempts().map(async ({ jobs, end }) => {
      const firstJobId = jobs[0]?.id ?? '';
      const workflows = all.filter(({ name }) => readWorkflowName(name).firstJobId === firstJobId);
      const isKept = await isRecorded(of.world, firstJobId);
      return { jobs, end, work: of.work.seen(firstJobId), isRecorded: isKept, workflows };
    }),
  );
}

async function isRecorded(world: World, firstJobId: string): Promise<boolean> {
  const key = { pk: { S: `long-job/${firstJobId}` }, sk: { S: 'wait' } };
  const found = await world.handle('dynamodb', 'GetItem', { TableName: tableName, Key: key });
  return 'Item' in (found as object); // what GetItem answers
}

/** Every workflow of the action. */
export async function executionsOf(world: World) {
  // As the client types it.
  const { executions } = (await world.handle('states', 'ListExecutions', { stateMachineArn: machineArn })) as {
    readonly executions: readonly { readonly executionArn: string; readonly name: string; readonly status: string }[];
  };
  return executions;
}

async function workflowsOf(world: World) {
  return Promise.all(
    (await executionsOf(world)).map(async ({ executionArn, name, status }) => {
      const input = { executionArn, maxResults: 1000 };
      const { events } = (await world.handle('states', 'GetExecutionHistory', input)) as {
        readonly events: readonly { readonly stateEnteredEventDetails?: { readonly name: string } }[];
      };
      const entered = events.flatMap(({ stateEnteredEventDetails: state }) => state?.name ?? []);
      const lookCount = entered.filter((state) => state === 'Look at the work').length;
      return { name, status, enteredCount: entered.length, lookCount };
    }),
  );
}

/** Everything that the table holds, as text. */
export function tableOf(world: World): string {
  const tables = world.store.db.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'dynamodb%'",
  );
  return JSON.stringify(tables.all().map(({ name }) => world.store.db.prepare(`SELECT * FROM ${String(name)}`).all()));
}

/** Every item of the table but the one that says whose the pipeline execution is. */
export async function itemsOf(world: World): Promise<readonly ItemSeen[]> {
  // A run leaves far less than a page.
  const { Items } = (await world.handle('dynamodb', 'Scan', { TableName: tableName })) as {
    readonly Items: readonly ItemSeen[];
  };
  return Items.filter(({ pk, sk }) => pk?.S !== owner.pk.S || sk?.S !== owner.sk.S);
}

/** The execution is one of a release, so that the reconciler may read it. */
export const owner = {
  pk: { S: `pipeline-execution/${executionId}` },
  sk: { S: 'release' },
  releaseId: { S: 'r-00000000000000000000000000000000' },
  service: { S: 'checkout' },
  traceId: { S: 'trace' },
  pipelineArn: { S: 'arn:aws:codepipeline:us-east-1:123456789012:checkout' },
  attempt: { N: '1' },
};
