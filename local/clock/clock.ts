/**
 * The time of one local cloud, in milliseconds since 1970 UTC. Three kinds:
 * - real: the machine's time;
 * - scaled: `speed` times as fast, standing still while anything is held open (a Lambda invocation, a request);
 * - virtual: stands still, and jumps to the next timer when nothing is held open.
 */
export interface CloudClock {
  readonly mode: ClockMode;
  nowMs(): number;
  /**
   * Keeps scaled and virtual time still until the returned function is called (calling it twice does no harm). Taken
   * for whatever runs on real time: an invocation, a request being served.
   */
  hold(): () => void;
  /** Whether something holds the clock now. */
  isHeld(): boolean;
  /** Calls `then` each time the last hold ends. */
  onReleased(then: () => void): void;
  /** How many real milliseconds pass until the clock shows `atMs`; Infinity while it stands still. */
  realMsUntil(atMs: number): number;
  /** Virtual mode only: moves the clock to `atMs`. Never backwards. */
  jumpTo(atMs: number): void;
  /**
   * The clock for other threads: Float64 [cloud time at the anchor, real time at the anchor, speed now]. Time there is
   * `cells[0] + (Date.now() - cells[1]) * cells[2]`.
   */
  readonly shared: SharedArrayBuffer;
}

/** How time passes: as it is, `speed` times as fast, or only when a test moves it on from `startMs`. */
export type ClockMode = { kind: 'real' } | { kind: 'scaled'; speed: number } | { kind: 'virtual'; startMs: number };

/** Makes a clock. `resumeAtMs` lets scaled and virtual time go on where the last run stopped. */
export function createClock(mode: ClockMode, resumeAtMs?: number): CloudClock {
  return new AnchoredClock(mode, resumeAtMs);
}

class AnchoredClock implements CloudClock {
  readonly mode: ClockMode;
  readonly shared = new SharedArrayBuffer(24);
  readonly #cells = new Float64Array(this.shared);
  #holds = 0;
  readonly #listeners: (() => void)[] = [];

  constructor(mode: ClockMode, resumeAtMs: number | undefined) {
    this.mode = mode;
    const startMs = mode.kind === 'virtual' ? mode.startMs : Date.now();
    this.#anchor(mode.kind === 'real' ? startMs : Math.max(startMs, resumeAtMs ?? startMs));
  }

  nowMs(): number {
    if (this.mode.kind === 'real') return Date.now();
    const [cloudMs = 0, realMs = 0, speed = 0] = this.#cells;
    return Math.floor(cloudMs + (Date.now() - realMs) * speed);
  }

  hold(): () => void {
    if (this.#holds++ === 0) this.#anchor(this.nowMs());
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      if (--this.#holds > 0) return;
      this.#anchor(this.nowMs());
      for (const listener of this.#listeners) listener();
    };
  }

  isHeld(): boolean {
    return this.#holds > 0;
  }

  onReleased(then: () => void): void {
    this.#listeners.push(then);
  }

  realMsUntil(atMs: number): number {
    const leftMs = Math.max(0, atMs - this.nowMs());
    if (leftMs === 0) return 0;
    const speed = this.#speed();
    return speed === 0 ? Infinity : Math.ceil(leftMs / speed);
  }

  jumpTo(atMs: number): void {
    if (this.mode.kind !== 'virtual') throw new Error('only a virtual clock can jump');
    this.#anchor(Math.max(this.nowMs(), atMs));
  }

  #speed(): number {
    if (this.mode.kind === 'real') return 1;
    if (this.mode.kind === 'virtual' || this.#holds > 0) return 0;
    return this.mode.speed;
  }

  #anchor(cloudMs: number): void {
    this.#cells.set([cloudMs, Date.now(), this.#speed()]);
  }
}
