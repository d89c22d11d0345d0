import * as z from 'zod/mini';
import { declareAction } from '../action.ts';

const parameters = z.strictObject({
  /** Names of CloudWatch alarms, metric and composite ones. */
  alarms: z.array(z.string().check(z.minLength(1), z.maxLength(255))).check(z.minLength(1), z.maxLength(50)),
  /** How long they have to be quiet. */
  durationMinutes: z._default(z.int().check(z.minimum(1), z.maximum(1430)), 15),
  /** What an alarm without data is: as bad as one that rings, as good as one that is quiet, or good until the bake's end. */
  insufficientData: z._default(z.enum(['unhealthy', 'healthy', 'healthy-until-end']), 'unhealthy'),
  /** How often the alarms are read between start and end. */
  checkSeconds: z._default(z.int().check(z.minimum(10), z.maximum(300)), 30),
});

/** What a pipeline asks for. */
export type BakeParameters = z.output<typeof parameters>;

/** Waits while alarms stay quiet. */
export const bake = declareAction({
  id: 'bake',
  description: 'Waits for a time, and fails as soon as an alarm rings, is gone or cannot be read.',
  parameters,
  state: z.strictObject({
    startedAt: z.iso.datetime(),
    /** When the alarms were read last. */
    readAt: z.iso.datetime(),
    readCount: z.int(),
  }),
  outputs: ['startedAt', 'endedAt', 'alarmCount', 'readCount'],
  // Composite alarms are shown to nobody whose permission is narrower (CloudWatch API reference, DescribeAlarms).
  permissions: [{ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }],
  gateways: ['alarms'],
  isIdempotent: true,
  mayWait: true,
});
