/**
 * Lets work for the same name wait for each other: what comes second sees what the first has kept. The result of `work` is
 * its own; a failure before it is not its concern.
 */
export function oneAtATime(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(name, mine);
    return mine;
  };
}
