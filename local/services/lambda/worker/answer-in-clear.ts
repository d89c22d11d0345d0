import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

/** Where functions of custom resources answer CloudFormation. */
const answersPath = '/_cloudformation/';

/**
 * Lets functions answer CloudFormation as they do on AWS. The usual helpers take host and path of the ResponseURL and
 * always speak TLS, which the local cloud does not: those requests, and no others, go to its port in the clear.
 */
export function answerInClear(endpoint: string): void {
  const { hostname, port } = new URL(endpoint);
  const inTls = https.request;
  const request = (...args: unknown[]): http.ClientRequest => {
    const callback = args.findLast((argument) => typeof argument === 'function') as ResponseListener | undefined; // as documented
    const options = readOptions(args);
    const isAnswer = (options.hostname ?? options.host) === hostname && options.path?.startsWith(answersPath) === true;
    // The same arguments, however they were typed.
    if (!isAnswer) return Reflect.apply(inTls, https, args) as http.ClientRequest;
    delete options.agent;
    return http.request({ ...options, protocol: 'http:', hostname, host: hostname, port }, callback);
  };
  https.request = request as typeof https.request; // takes what that takes
  syncBuiltinESMExports();
}

type ResponseListener = (response: http.IncomingMessage) => void;

/** The options in either form: `request(url, options)` or `request(options)`. */
function readOptions(args: readonly unknown[]): http.RequestOptions {
  const [first, second] = args;
  const given = typeof second === 'object' && second !== null ? second : {};
  if (typeof first !== 'string' && !(first instanceof URL)) return { ...(first as http.RequestOptions | null) }; // as documented
  if (!URL.canParse(String(first))) return given;
  const url = new URL(first);
  return { hostname: url.hostname, path: `${url.pathname}${url.search}`, ...given };
}
