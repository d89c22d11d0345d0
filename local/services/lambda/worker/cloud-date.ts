const machineNow = Date.now;

/** The machine's time, whatever `Date` shows: deadlines are real. */
export function realNowMs(): number {
  return machineNow();
}

/**
 * Makes `Date` of this thread show the cloud's time. `clock` is Float64 [cloud time at the anchor, machine time at the
 * anchor, speed].
 */
export function showCloudTime(clock: SharedArrayBuffer): void {
  const cells = new Float64Array(clock);
  const now = (): number => {
    const [cloudMs = 0, realMs = 0, speed = 0] = cells;
    return Math.floor(cloudMs + (machineNow() - realMs) * speed);
  };
  const CloudDate = new Proxy(Date, {
    construct: (target, given, newTarget) =>
      // A constructor makes objects; `Reflect.construct` is typed `any`.
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
    apply: (target) => new target(now()).toString(),
    // Reflect.get is typed `any`; whatever Date has is passed on.
    get: (target, key, receiver): unknown => (key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown)),
  });
  Date.prototype.constructor = CloudDate;
  globalThis.Date = CloudDate;
}
