import * as z from 'zod';
import type { LocalCloud } from '../../local/public.ts';
import type { Release } from '../../shared/state/release.ts';

const executionSchema = z.object({ pipelineExecution: z.object({ statusSummary: z.string().optional() }) });

/** What of a release's pipeline was not run here, for people: `not run locally: Build/Compile`; undefined if all was. */
export async function notRunIn(
  cloud: Pick<LocalCloud, 'call'>,
  { pipeline }: Pick<Release, 'pipeline'>,
): Promise<string | undefined> {
  if (!pipeline) return undefined;
  const pipelineName = pipeline.arn.split(':').at(-1);
  const input = { pipelineName, pipelineExecutionId: pipeline.executionId };
  const answer = await cloud.call('codepipeline', 'GetPipelineExecution', input);
  return executionSchema.parse(answer).pipelineExecution.statusSummary;
}
