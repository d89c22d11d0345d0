import * as z from 'zod/mini';
import { eventSchema, type SlipwayEvent } from '../events/event.ts';
import { task, type TaskHandler } from './task.ts';

/** The chain of a function that an event rule or a schedule calls. */
export const onEvent = task;

const snsSchema = z.object({
  Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })).check(z.minLength(1)),
});

/** The chain of a function that hears Slipway's events from the topic, one by one. */
export function onMessage(run: (event: SlipwayEvent) => Promise<void>): TaskHandler {
  return task(snsSchema, async ({ Records: records }) => {
    for (const { Sns: sns } of records) await run(eventSchema.parse(JSON.parse(sns.Message)));
  });
}
