import { randomOf, type Random } from '../random.ts';
import { behaviours, type Behaviour } from './behaviours.ts';

/** What happens at the n-th call of a run; what dies has no effect any more. */
export interface Fault {
  readonly call: number;
  readonly kind: 'fails' | 'fails after its effect' | 'dies' | 'dies after its effect';
}

/** Everything that is chosen for one run. */
export interface Plan {
  readonly seed: number;
  readonly behaviour: Behaviour;
  readonly isIdempotent: boolean;
  readonly wait: 'push' | 'poll';
  /** Whether the action is one of a custom action type. */
  readonly isOfWorker: boolean;
  /** When the service that knows of the work answers nothing; undefined if it always does. */
  readonly outage: { readonly fromSeconds: number; readonly toSeconds: number } | undefined;
  /** How long the work goes on that the action begins elsewhere. */
  readonly workSeconds: number;
  /** How many copies of an event come; 0 for one that is lost. */
  readonly workEventCount: number;
  readonly endEventCount: number;
  readonly brokenEventCount: number;
  /** When the pipeline gives the action up; undefined if it does not. */
  readonly abandonAtSeconds: number | undefined;
  /** How much later the stage is retried; undefined if it is not, or the action is not given up. */
  readonly retryAfterSeconds: number | undefined;
  /** How many copies of the event come again when the stage was retried. */
  readonly lateEventCount: number;
  /** How much CodePipeline's clock is ahead of the functions'. */
  readonly skewMs: number;
  /** When somebody aborts the workflow, if it runs. */
  readonly abortAtSeconds: number | undefined;
  /** How often a job is delivered though nothing failed. */
  readonly isDeliveredTwice: boolean;
  readonly faults: readonly Fault[];
  /** The longest that a call and an event are under way. */
  readonly callMs: number;
  readonly eventMs: number;
  /** Goes on with what was chosen before the run. */
  readonly random: Random;
}

const kinds: readonly [Fault['kind'], ...Fault['kind'][]] = [
  'fails',
  'fails after its effect',
  'dies',
  'dies after its effect',
];

/** What a seed chooses. */
export function planOf(seed: number): Plan {
  const random = randomOf(seed);
  const often = (ratio: number): boolean => random.next() < ratio;
  // Close to a renewal, where three who answer a job meet, or anywhere.
  const someSeconds = (): number =>
    often(0.4) ? 900 * random.between(1, 4) + random.between(-40, 60) : random.between(0, often(0.5) ? 120 : 8_000);
  const outage = (): Plan['outage'] => {
    const fromSeconds = someSeconds();
    // Shorter than the hour for which checks go on.
    return { fromSeconds, toSeconds: fromSeconds + random.between(5, 3_000) };
  };
  return {
    seed,
    outage: often(0.2) ? outage() : undefined,
    behaviour: random.pick(behaviours),
    isIdempotent: often(0.5),
    wait: often(0.8) ? 'push' : 'poll',
    isOfWorker: often(0.2),
    // Some of it would go on for hours if nobody ended it.
    workSeconds: often(0.75) ? someSeconds() : random.between(20_000, 30_000),
    workEventCount: random.pick([0, 1, 1, 1, 2]),
    endEventCount: random.pick([0, 1, 1, 1, 2]),
    brokenEventCount: random.pick([0, 1, 1, 1, 2]),
    abandonAtSeconds: often(0.35) ? someSeconds() : undefined,
    retryAfterSeconds: often(0.5) ? random.between(20, 900) : undefined,
    lateEventCount: random.pick([0, 1, 2]),
    skewMs: random.between(-2_000, 2_000),
    abortAtSeconds: often(0.15) ? someSeconds() : undefined,
    isDeliveredTwice: often(0.4),
    faults: often(0.25) ? burst(random) : single(random),
    callMs: random.pick([1, 50, 1_500]),
    eventMs: random.pick([1, 2_000, 60_000]),
    random,
  };
}

/** Faults here and there. */
function single(random: Random): readonly Fault[] {
  return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => ({
    call: random.between(0, 70),
    kind: random.pick(kinds),
  }));
}

/** Faults one behind the other, so that a function dies at the second delivery as it did at the first; not at every try of it all. */
function burst(random: Random): readonly Fault[] {
  const first = random.between(0, 15);
  return Array.from({ length: random.between(2, 4) }, (_, index) => ({
    call: first + index,
    kind: random.pick(kinds),
  }));
}
