import type { SFN } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { Json } from '../../../json.ts';
import type { CloudContext } from '../../service-module.ts';
import { checkErrorTexts, maxPayloadBytes } from '../errors.ts';
import { failByToken, heartbeatByToken, succeedByToken } from '../tasks.ts';

/** What holders of task tokens call. */
export function taskTokenOperations(context: CloudContext): Operations<SFN> {
  return {
    async SendTaskSuccess({ taskToken, output }) {
      await succeedByToken(context, taskToken, parseOutput(output ?? ''));
      return {};
    },

    async SendTaskFailure({ taskToken, error, cause }) {
      checkErrorTexts({ error, cause });
      // States.TaskFailed stands for any failure of a task, also for one without a name.
      const named = { error: error || 'States.TaskFailed', ...(cause !== undefined && { cause }) };
      await failByToken(context, taskToken, named);
      return {};
    },

    SendTaskHeartbeat({ taskToken }) {
      heartbeatByToken(context, taskToken);
      return {};
    },
  };
}

function parseOutput(output: string): Json {
  if (Buffer.byteLength(output) > maxPayloadBytes) {
    throw new AwsError('InvalidOutput', `Invalid Output: 'The output is larger than ${maxPayloadBytes} bytes'`);
  }
  try {
    return JSON.parse(output);
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${error instanceof Error ? error.message : 'no JSON'}'`);
  }
}
