/** What load-test uses of autocannon's client: one connection that sends request after request. */
declare module 'autocannon/lib/httpClient.js' {
  import type { EventEmitter } from 'node:events';

  /** autocannon passes the headers of an answer as its parser does. */
  interface AnswerHead {
    readonly shouldKeepAlive: boolean;
  }

  interface ClientEvents {
    request: [];
    headers: [AnswerHead];
    response: [statusCode: number];
    connError: [Error];
    timeout: [];
  }

  interface ClientOptions {
    readonly protocol: string;
    readonly hostname: string;
    readonly port: number;
    /** For the header `Host`. */
    readonly host: string;
    readonly path: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
    /** Seconds until a request counts as unanswered. */
    readonly timeout: number;
    /** Requests a second, of this connection. */
    readonly rate?: number;
    /** Called before the first request. */
    readonly setupClient: (client: Client) => void;
  }

  class Client extends EventEmitter<ClientEvents> {
    constructor(options: ClientOptions);
    destroy(): void;
  }
  export = Client;
}
