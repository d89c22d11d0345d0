import { paginateListActionExecutions, type ActionExecutionDetail } from '@aws-sdk/client-codepipeline';
import type { Aws } from '../aws.ts';
import type { HeardEvent } from '../heard.ts';
import { expectThere, together, whole, type Finding, type Piece, type Seen, type Work } from '../work.ts';
import { countOf } from '../calls.ts';

/** Executions of a pipeline whose actions are functions: it ends once, each job has one result. */
function pipelineWork(mode: 'PARALLEL' | 'QUEUED'): Work {
  /** Pipeline execution ids by piece. */
  const started = new Map<string, string>();
  const pipelineOf = (aws: Aws): string => aws.output(`Pipeline${mode}`);
  const start = async (aws: Aws, piece: string): Promise<string> => {
    const { pipelineExecutionId = '' } = await aws.codepipeline.startPipelineExecution({
      name: pipelineOf(aws),
      clientRequestToken: piece,
    });
    started.set(piece, pipelineExecutionId);
    return pipelineExecutionId;
  };
  return {
    name: `${mode.toLowerCase()} pipelines`,
    begin: async (aws, piece) => void (await start(aws, piece)),
    async check(piece: Piece, { aws, heard }: Seen) {
      // Whether it began or not: the same token starts it once.
      const id = started.get(piece.name) ?? (await start(aws, piece.name));
      const { pipelineExecution } = await aws.codepipeline.getPipelineExecution({
        pipelineName: pipelineOf(aws),
        pipelineExecutionId: id,
      });
      const status = pipelineExecution?.status ?? 'unknown';
      if (status === 'InProgress') return { missing: [`the end of the ${mode} execution ${id}`], broken: [] };
      const actions = await actionsOf(aws, pipelineOf(aws), id);
      const events = heard.eventsOf(id);
      return together([
        status === 'Succeeded' ? whole : { missing: [], broken: [`the ${mode} execution ${id} ended ${status}`] },
        eachOnce(id, actions),
        endHeardOnce(`the execution ${id}`, events.filter(isOf('Pipeline'))),
        ...actions.map(({ actionExecutionId, actionName }) =>
          endHeardOnce(
            `the action ${actionName} of ${id}`,
            events.filter(isOf('Action')).filter(({ detail }) => detail['action-execution-id'] === actionExecutionId),
          ),
        ),
        ...(await Promise.all(actions.map((action) => oneResult(aws, action)))),
      ]);
    },
  };
}

/** Executions that overtake each other. */
export const parallelPipelines: Work = pipelineWork('PARALLEL');
/** Executions that wait for each other. */
export const queuedPipelines: Work = pipelineWork('QUEUED');

async function actionsOf(
  { codepipeline: client }: Aws,
  pipelineName: string,
  pipelineExecutionId: string,
): Promise<ActionExecutionDetail[]> {
  const actions: ActionExecutionDetail[] = [];
  const pages = paginateListActionExecutions({ client }, { pipelineName, filter: { pipelineExecutionId } });
  for await (const { actionExecutionDetails = [] } of pages) actions.push(...actionExecutionDetails);
  return actions;
}

function eachOnce(id: string, actions: readonly ActionExecutionDetail[]): Finding {
  const ended = actions.map(({ actionName, status }) => `${actionName} ${status}`).toSorted();
  const expected = ['One Succeeded', 'Read Succeeded', 'Three Succeeded', 'Two Succeeded'];
  const isRight = JSON.stringify(ended) === JSON.stringify(expected);
  return isRight ? whole : { missing: [], broken: [`the actions of ${id} ended ${ended.join(', ')}`] };
}

function isOf(what: 'Pipeline' | 'Action'): (event: HeardEvent) => boolean {
  return (event) => event['detail-type'] === `CodePipeline ${what} Execution State Change`;
}

function endHeardOnce(what: string, events: readonly HeardEvent[]): Finding {
  const ends = events.filter(({ detail }) => detail['state'] !== 'STARTED');
  if (ends.length > 1) return { missing: [], broken: [`${ends.length} events tell the end of ${what}`] };
  return expectThere(ends.length === 1, `the event that tells the end of ${what}`);
}

/** The function was called for the job, and at most one answer was taken. */
async function oneResult(aws: Aws, { actionName, output }: ActionExecutionDetail): Promise<Finding> {
  const jobId = output?.executionResult?.externalExecutionId;
  if (actionName === 'Read') return whole;
  const [calledCount, takenCount] = await Promise.all([
    countOf(aws, `job/${jobId}/called`),
    countOf(aws, `job/${jobId}/taken`),
  ]);
  return together([
    expectThere(calledCount > 0, `the call for the job ${jobId} of ${actionName}`),
    takenCount > 1 ? { missing: [], broken: [`the job ${jobId} has ${takenCount} results`] } : whole,
  ]);
}
