import { constants } from 'node:os';

const numbers = new Map<string, number>(Object.entries(constants.signals));

/**
 * Lets a signal that a function sends to itself end its thread only, with the exit status that the signal gives a
 * process. All functions share the process of the cloud, which it would otherwise end, again and again when an
 * asynchronous event is delivered anew after each start.
 */
export function keepOwnSignals(): void {
  const sendSignal = process.kill.bind(process);
  process.kill = (pid, signal = 'SIGTERM') => {
    const isOwn = pid === process.pid || pid === 0 || pid === -process.pid;
    if (!isOwn) return sendSignal(pid, signal);
    if (signal === 0) return true;
    process.exit(128 + (typeof signal === 'number' ? signal : (numbers.get(signal) ?? 0)));
  };
}
