import type { Work } from './work.ts';
import { events } from './works/events.ts';
import { executions } from './works/executions.ts';
import { invocations } from './works/invocations.ts';
import { messages } from './works/messages.ts';
import { notices } from './works/notices.ts';
import { objects } from './works/objects.ts';
import { parallelPipelines, queuedPipelines } from './works/pipelines.ts';
import { schedules } from './works/schedules.ts';
import { writes } from './works/writes.ts';

/** Every kind of work that goes on when the cloud is killed. */
export const works: readonly [Work, ...Work[]] = [
  writes,
  objects,
  messages,
  notices,
  events,
  invocations,
  schedules,
  executions,
  parallelPipelines,
  queuedPipelines,
];
