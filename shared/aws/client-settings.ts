/**
 * How every client is made: four tries with the client's own back-off, each given up after 8 s without a byte (the client looks
 * from its third second on), so that no silence lasts as long as a function. A limit on the whole of a request would cut large
 * objects off; this one does so if what is buffered of one takes over 8 s, at some hundred kilobytes a second. The endpoint and the credentials come from the environment.
 */
export const clientSettings = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, socketTimeout: 8000 },
} as const;
