import * as schemas from '@aws-sdk/client-sqs';
import { defineService } from '../../gateway/service.ts';
import type { OpenService } from '../service-module.ts';
import { openArrivals } from './arrivals.ts';
import { openMessageStore } from './message-store.ts';
import { queueOperations } from './queue-operations.ts';
import { openQueueGauge } from './queue-gauge.ts';
import { openQueueStore } from './queue-store.ts';
import { sqsPermissions } from './permissions.ts';
import { receiveOperations } from './receive-operations.ts';
import { sqsResources } from './resources.ts';
import { sendOperations } from './send-operations.ts';
import type { SqsState } from './sqs-state.ts';

/** SQS: standard queues of the template, with long polls on the cloud's clock and dead-letter queues. */
export const openSqs: OpenService = (context) => {
  const queues = openQueueStore(context);
  const messages = openMessageStore(context, queues, (queue) => gauge.touch(queue));
  const gauge = openQueueGauge(context, queues, (queue) => messages.counts(queue));
  const state: SqsState = {
    context,
    queues,
    messages,
    arrivals: openArrivals(context),
  };
  return {
    api: defineService<schemas.SQS>({
      name: 'sqs',
      schemas,
      protocol: { kind: 'json', version: '1.0' },
      operations: { ...queueOperations(state), ...sendOperations(state), ...receiveOperations(state) },
    }),
    permissions: sqsPermissions(context),
    resourcePolicy: (arn) => queues.find(arn.split(':').at(-1) ?? arn)?.settings['Policy'],
    resources: sqsResources(state),
    close: () => state.arrivals.close(),
  };
};
