import type { Mutation } from './mutation.ts';

/** Bodies that end early, or go on; clients that leave in the middle. */
export const connection: Mutation = {
  layer: 'connection',
  mutate: (request, random) => ({
    ...request,
    framing: random.pick(['cut', 'chunked-cut', 'head-only', 'longer-than-said'] as const),
  }),
};
