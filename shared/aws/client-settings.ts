/**
 * How every client is made: four tries with the client's own back-off, and no call that outlives a function. The endpoint
 * and the credentials come from the environment.
 */
export const clientSettings = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 8000 },
} as const;
