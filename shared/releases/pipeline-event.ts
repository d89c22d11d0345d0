import * as z from 'zod/mini';
import { actionStates, pipelineStates, stageStates, type ExecutionEvent, type PipelineState } from '../events/event.ts';
import type { TerminalStatus } from './pipelines.ts';

const about = {
  id: z.string(),
  /** Whole seconds, `2020-01-24T22:03:07Z`. */
  time: z.iso.datetime(),
  source: z.literal('aws.codepipeline'),
  resources: z.array(z.string()),
};
const execution = { pipeline: z.string(), 'execution-id': z.string() };

/** The fields that Slipway uses of CodePipeline's three events. `detail.version` is a number or a string, so it is not. */
export const pipelineEventSchema = z.discriminatedUnion('detail-type', [
  z.object({
    ...about,
    'detail-type': z.literal('CodePipeline Pipeline Execution State Change'),
    detail: z.object({ ...execution, state: z.enum(pipelineStates) }),
  }),
  z.object({
    ...about,
    'detail-type': z.literal('CodePipeline Stage Execution State Change'),
    detail: z.object({
      ...execution,
      stage: z.string(),
      state: z.enum(stageStates),
    }),
  }),
  z.object({
    ...about,
    'detail-type': z.literal('CodePipeline Action Execution State Change'),
    detail: z.object({
      ...execution,
      stage: z.string(),
      action: z.string(),
      state: z.enum(actionStates),
      type: z.object({ category: z.string(), provider: z.string() }),
      'execution-result': z.optional(
        z.object({
          'external-execution-url': z.optional(z.string()),
          'external-execution-summary': z.optional(z.string()),
          'error-code': z.optional(z.string()),
        }),
      ),
    }),
  }),
]);
export type PipelineEvent = z.infer<typeof pipelineEventSchema>;

/** CodePipeline's event in Slipway's words: one fact, and a second one when an approval begins to wait. */
export function toExecutionEvents(event: PipelineEvent): readonly ExecutionEvent[] {
  const { id, time } = event;
  const about = { contract: 1, id, at: time, pipelineExecutionId: event.detail['execution-id'] } as const;
  switch (event['detail-type']) {
    case 'CodePipeline Pipeline Execution State Change':
      return [{ ...about, type: 'pipeline.changed', state: event.detail.state }];
    case 'CodePipeline Stage Execution State Change':
      return [{ ...about, type: 'stage.changed', stage: event.detail.stage, state: event.detail.state }];
    case 'CodePipeline Action Execution State Change': {
      const { stage, action, state, type, 'execution-result': result } = event.detail;
      const changed: ExecutionEvent = {
        ...about,
        type: 'action.changed',
        stage,
        action,
        state,
        ...type,
        summary: result?.['external-execution-summary']?.slice(0, 2048),
        url: result?.['external-execution-url'],
        errorCode: result?.['error-code'],
      };
      if (type.category !== 'Approval' || state !== 'STARTED') return [changed];
      return [changed, { ...about, id: `${id}/approval`, type: 'approval.requested', stage, action }];
    }
  }
}

/** What the wait for a pipeline execution ends with. */
export interface PipelineEnd {
  readonly [name: string]: string | number;
  readonly contract: 1;
  /** A terminal state, as the events write it. */
  readonly state: PipelineState;
}

const ends: readonly PipelineState[] = ['SUCCEEDED', 'FAILED', 'STOPPED', 'SUPERSEDED', 'CANCELED'];

/** The end that an event tells of, if it is one. */
export function endOf(event: ExecutionEvent): PipelineEnd | undefined {
  return event.type === 'pipeline.changed' && ends.includes(event.state)
    ? { contract: 1, state: event.state }
    : undefined;
}

/** The API's status word as the events write it: upper case, CANCELED with one L. */
export function stateOf(status: TerminalStatus): PipelineState {
  const states = {
    Succeeded: 'SUCCEEDED',
    Failed: 'FAILED',
    Stopped: 'STOPPED',
    Superseded: 'SUPERSEDED',
    Cancelled: 'CANCELED',
  } as const;
  return states[status];
}
