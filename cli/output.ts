import { styleText } from 'node:util';
import type { Release } from '../shared/state/release.ts';

/** Writes one line for the person. */
export type Print = (line: string) => void;

const clockFace = new Intl.DateTimeFormat('en-GB', {
  timeStyle: 'medium',
  // Asked before anything sets TZ: functions of the local cloud see UTC, the person sees their own time.
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
});

/** The person's time of day at an event, `14:03:07`. */
export function timeOfDay(at: string): string {
  return clockFace.format(new Date(at));
}

const colors = { succeeded: 'green', failed: 'red', 'awaiting-approval': 'yellow' } as const;

/** A status, in its colour where the terminal shows colours. */
function paintStatus(status: Release['status']): string {
  const color = status in colors ? colors[status as keyof typeof colors] : undefined; // `in` has looked
  return color ? styleText(color, status) : status;
}

/** One release in one line. */
export function releaseLine({ releaseId, service, status, requestedAt, requestedBy, revision }: Release): string {
  const what = revision ? revision.value.slice(0, 12) : 'latest';
  return `${releaseId}  ${service}  ${paintStatus(status)}  ${what}  ${requestedAt}  ${requestedBy}`;
}

/** A release in full: what it is, its stages, and why it failed. */
export function describeRelease(release: Release): string[] {
  const { failure, approval, stages } = release;
  return [
    releaseLine(release),
    ...stages.map(({ name, state, actions }) => {
      const told = actions.map(
        (action) => `${action.name} ${action.state}${action.summary ? ` (${action.summary})` : ''}`,
      );
      return `  ${name}: ${state}  ${told.join(', ')}`;
    }),
    ...(approval ? [`  ${approval.stage}/${approval.action} waits for: slipway approve ${release.releaseId}`] : []),
    ...(failure ? [`  failed: ${failure.reason}`] : []),
  ];
}
