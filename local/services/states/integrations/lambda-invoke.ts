import { isJsonObject, type Json, type JsonObject } from '../../../json.ts';
import { runtimeError } from '../errors.ts';
import { sdkMetadata } from './call-aws.ts';
import type { Integration } from './integration.ts';
import { invokeFunction } from './invoke-function.ts';

const members = ['FunctionName', 'Payload', 'Qualifier', 'InvocationType', 'ClientContext', 'LogType'];

/** `lambda:invoke`: the function's answer is the result's Payload. */
export const lambdaInvoke: Integration = {
  name: 'lambda:invoke',
  patterns: ['request-response', 'waitForTaskToken'],
  matches: ({ service, action }) => service === 'lambda' && action === 'invoke',
  async call(task) {
    const { Payload: payload = {}, ...request } = checkArguments(task.arguments);
    const answer = await invokeFunction(task, request, payload);
    return {
      ...(answer.executedVersion !== undefined && { ExecutedVersion: answer.executedVersion }),
      ...(answer.payload !== undefined && { Payload: answer.payload }),
      ...sdkMetadata(),
      StatusCode: answer.statusCode,
    };
  },
};

function checkArguments(value: Json): JsonObject {
  if (!isJsonObject(value)) throw runtimeError('The Arguments of lambda:invoke must be an object');
  const unknown = Object.keys(value).find((key) => !members.includes(key));
  if (unknown !== undefined) throw runtimeError(`The field "${unknown}" is not supported by Step Functions`);
  if (typeof value['FunctionName'] !== 'string')
    throw runtimeError("The field 'FunctionName' is required but was missing");
  return value;
}
