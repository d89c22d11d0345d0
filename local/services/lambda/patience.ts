/** What a thread with a bundle of the SDK takes to start; most invocations are shorter. */
const quietMs = 250;
/** How many of these a thread that is starting is waited for: on a busy machine a start takes more than a second. */
const startingTurns = 8;

/**
 * How long an invocation waits for a warm thread before it has another one started: until none has been given back for a
 * moment, or for longer while one is starting. So a call that waits for another one of its own function goes on too.
 */
export class Patience {
  readonly #timer: NodeJS.Timeout | undefined;
  #turns = 0;
  #lasts: boolean;

  constructor(isPatient: boolean, isStarting: () => boolean, onEnd: () => void) {
    this.#lasts = isPatient;
    if (!isPatient) return;
    this.#timer = setInterval(() => {
      this.#turns += 1;
      if (isStarting() && this.#turns < startingTurns) return;
      this.end();
      onEnd();
    }, quietMs);
  }

  /** False once another thread may be started. */
  get lasts(): boolean {
    return this.#lasts;
  }

  /** A thread was given back. */
  refresh(): void {
    if (this.#lasts) this.#timer?.refresh();
  }

  end(): void {
    this.#lasts = false;
    clearInterval(this.#timer);
  }
}
