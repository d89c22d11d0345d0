import { implementAction, type ActionInput } from '../action.ts';
import { readHeaders } from '../web/request-headers.ts';
import { fail, succeed } from '../result.ts';
import { loadTest } from './declaration.ts';
import { load, type LoadOptions } from './load.ts';
import { missed, sumUp } from './measured.ts';
import { findTarget, trustTarget } from './target.ts';

/** What the answer needs after the load. */
const afterLoadMs = 3_000;
const betweenNewsMs = 10_000;

type Input = ActionInput<typeof loadTest>;

export default implementAction(loadTest, async (input) => {
  const { parameters, signal, remainingMs } = input;
  const headers = await readHeaders(parameters, () => input.gateways.secrets);
  const url = await target(input, headers);
  const durationMs = parameters.durationSeconds * 1000;
  if (durationMs + afterLoadMs > remainingMs()) {
    return fail(
      'ConfigurationError',
      `${parameters.durationSeconds} seconds of load do not fit into the ${Math.floor(remainingMs() / 1000)} that the function has left`,
    );
  }
  const measured = await telling(input, { ...parameters, url, headers, durationMs, signal });
  const result = sumUp(measured);
  const problems = missed(measured, parameters);
  if (problems.length > 0) return fail('JobFailed', `${url.host} under load: ${problems.join('; ')}`);
  return succeed({
    outputs: Object.fromEntries(Object.entries(result).map(([name, value]) => [name, String(value)])),
    summary: `${result.requestCount} requests, ${result.requestsPerSecond} good ones a second, ${result.errorPercent} % errors, 99 % within ${result.latencyP99Ms} ms`,
  });
});

/** Only a GET can be made on trial; of what changes something the certificate alone is looked at before. */
async function target({ parameters, signal }: Input, headers: Record<string, string>): Promise<URL> {
  const { url, allowedHosts, method, secretHeaders = {} } = parameters;
  if (method !== 'GET') return trustTarget(new URL(url), signal);
  return findTarget({ url, allowedHosts, headers, hasSecrets: Object.keys(secretHeaders).length > 0, signal });
}

/** Puts the load on, and says from time to time how far it is. */
async function telling({ progress }: Input, options: LoadOptions): ReturnType<typeof load> {
  const beganMs = performance.now();
  const news = setInterval(() => {
    const percent = (100 * (performance.now() - beganMs)) / options.durationMs;
    void progress(`${options.url.host} is under load of ${options.connections} connections`, Math.min(99, percent));
  }, betweenNewsMs);
  try {
    return await load(options);
  } finally {
    clearInterval(news);
  }
}
