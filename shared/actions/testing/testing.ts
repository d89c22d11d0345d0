// What `slipway/testing` exports: an action in memory, and in a pipeline of a local cloud.
export { actionBench, type ActionBench, type ActionBenchOptions, type TestRun } from './bench.ts';
export type { ActionRun, Duration } from './bench-run.ts';
export { memoryJobs } from './memory-jobs.ts';
export { pipelineJob, type PipelineJobOptions } from './pipeline-job.ts';
export {
  startPipeline,
  type ActionSeen,
  type PipelineCloud,
  type PipelineRun,
  type PipelineStart,
} from './pipeline-run.ts';
export { testJobEvent, type TestJobOptions } from './test-job.ts';
