import {
  followedWithinSeconds,
  nextCheckSeconds,
  nextTrySeconds,
  renewalSeconds,
  type LongJob,
  type NextStep,
} from './long-job.ts';
import type { Until } from '../result.ts';

/** How a wait stands when it is said how it goes on. */
export interface WaitNow extends Pick<LongJob, 'until' | 'checkCount' | 'phase' | 'isRenewed'> {
  /** Since when the current job waits. */
  readonly ageSeconds: number;
  /** Since when nobody could be asked about the work; undefined if the last look has seen it. */
  readonly secondsUnreached: number | undefined;
}

/** How a wait goes on. */
export interface Plan {
  readonly next: NextStep;
  /** The look that is made now answers the current job with a token: it is too old for the next, or its renewal may have died. */
  readonly isToRenew: boolean;
  /** The invocation of the next job, which a renewal brings, looks at the work, too. */
  readonly isLookedAtByRenewal: boolean;
}

/** A look at the work, and the renewal behind it, are done by then. */
const marginSeconds = 60;

/** CodePipeline invokes the next job in about half a minute: checks so far apart bear to be so late. */
const leastBetweenRenewalsSeconds = 5 * 60;

/**
 * How a wait goes on after a look at its work, or from its beginning. A renewal costs an invocation in any case, so it stands
 * for a check wherever checks are rare enough, and as long as the time between them is the same.
 */
export function planWait(wait: WaitNow): Plan {
  const { until, checkCount, phase, isRenewed, ageSeconds, secondsUnreached } = wait;
  const trySeconds = secondsUnreached === undefined ? undefined : nextTrySeconds(secondsUnreached);
  const checkSeconds = trySeconds ?? nextCheckSeconds(until, checkCount);
  if (!isRenewed)
    return { next: { next: 'check', seconds: checkSeconds }, isToRenew: false, isLookedAtByRenewal: false };
  const isRenewing = phase === 'renewing';
  const everySeconds = trySeconds === undefined ? renewedEverySeconds(until, checkCount) : undefined;
  if (everySeconds === undefined) {
    const isToRenew = isRenewing || ageSeconds + checkSeconds + marginSeconds > renewalSeconds;
    const next = { next: 'check', seconds: Math.min(checkSeconds, renewalSeconds) } as const;
    return { next, isToRenew, isLookedAtByRenewal: false };
  }
  const leftSeconds = (isRenewing ? followedWithinSeconds : renewalSeconds) - ageSeconds;
  const seconds = Math.max(1, Math.ceil(Math.min(everySeconds, leftSeconds)));
  return { next: { next: 'event', seconds, everySeconds }, isToRenew: isRenewing, isLookedAtByRenewal: true };
}

/** How often renewals come if each is a check; undefined while checks are to come sooner, or ever later. */
function renewedEverySeconds(until: Until, checkCount: number): number | undefined {
  if ('event' in until) return renewalSeconds;
  const [seconds, later] = [checkCount, checkCount + 1].map((count) =>
    Math.min(renewalSeconds, nextCheckSeconds(until, count)),
  );
  return seconds !== undefined && seconds === later && seconds >= leastBetweenRenewalsSeconds ? seconds : undefined;
}
