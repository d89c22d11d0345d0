import { AwsError } from '../../../errors.ts';
import type { Engine } from '../engine/engine.ts';
import { addStarted } from '../engine/add-started.ts';
import { currentStructure, knownPipeline } from '../operations/known.ts';
import { checkConcurrency } from '../operations/limits.ts';
import { variablesOf } from '../operations/start-arguments.ts';
import type { ExecutionRecord } from '../records/executions.ts';

/** A start that something in a source asks for. */
export interface WantedStart {
  readonly pipeline: string;
  readonly trigger: ExecutionRecord['trigger'];
  readonly sourceRevisions: ExecutionRecord['sourceRevisions'];
  /** What has happened, for people: `a push to main of acme/shop`. */
  readonly because: string;
}

/**
 * Starts a pipeline for a change of its source, in the open transaction, and tells the person; the execution's id.
 * @throws AwsError as StartPipelineExecution does
 */
export function startFor(engine: Engine, { pipeline: name, trigger, sourceRevisions, because }: WantedStart): string {
  const pipeline = knownPipeline(engine, name);
  const structure = currentStructure(engine, pipeline);
  checkConcurrency(engine, structure);
  const variables = variablesOf(structure);
  const id = addStarted(engine, { pipeline: name, version: pipeline.version, trigger, variables, sourceRevisions });
  engine.context.report(`pipeline ${name}: started by ${because}`);
  return id;
}

/** As `startFor` where nobody asked, and so nobody can be refused: why it cannot start is told to the person. */
export function tryToStart(engine: Engine, wanted: WantedStart): void {
  try {
    startFor(engine, wanted);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    engine.context.report(`pipeline ${wanted.pipeline}: not started by ${wanted.because}: ${error.message}`);
  }
}
