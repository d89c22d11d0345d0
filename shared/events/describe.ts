import type { ExecutionEvent, SlipwayEvent } from './event.ts';

/** One line in a person's words for any event; every reader (watch, the log channel, the page) uses this one. */
export function describeEvent(event: SlipwayEvent | ExecutionEvent): string {
  switch (event.type) {
    case 'release.requested':
      return `requested by ${event.requestedBy}${event.revision ? ` at ${event.revision.value}` : ''}`;
    case 'source.awaited':
      return `waiting for the source of ${event.commit}`;
    case 'release.queued':
      return `queued behind ${event.behind}`;
    case 'release.started':
      return `pipeline execution ${event.pipelineExecutionId} started`;
    case 'revision.resolved':
      return `took ${event.revision.value}`;
    case 'pipeline.changed':
      return `pipeline ${words(event.state)}`;
    case 'stage.changed':
      return `${event.stage} ${words(event.state)}`;
    case 'action.changed':
      return `${event.stage}/${event.action} ${words(event.state)}${event.summary ? `: ${event.summary}` : ''}`;
    case 'action.progressed':
      return `${event.action}${event.percentComplete === undefined ? '' : ` ${event.percentComplete} %`}: ${event.summary}`;
    case 'approval.requested':
      return `${event.stage}/${event.action} waits for approval`;
    case 'approval.answered':
      return `${event.decision} by ${event.by}${event.comment ? `: ${event.comment}` : ''}`;
    case 'release.succeeded':
      return 'succeeded';
    case 'release.failed':
      return `failed: ${event.reason}`;
    case 'release.reopened':
      return `reopened as attempt ${event.attempt}`;
  }
}

function words(state: string): string {
  return state.toLowerCase();
}
