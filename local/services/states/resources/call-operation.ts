import { notSupportedLocally } from '../../../errors.ts';
import type { Call } from '../../../gateway/service.ts';
import { servicePrincipal } from '../../../gateway/principal.ts';
import type { JsonObject } from '../../../json.ts';

const call: Call = { principal: servicePrincipal('cloudformation.amazonaws.com'), requestId: 'cloudformation' };

/** Calls an operation of this service as CloudFormation does, with its checks. */
export async function callOperation<Input, Output>(
  operation: ((input: Input, call: Call) => Output | Promise<Output>) | undefined,
  input: JsonObject,
): Promise<Output> {
  if (!operation) throw notSupportedLocally('this operation of Step Functions');
  // The properties of a template are the operation's members in another spelling; the operation checks them.
  return await operation(input as Input, call);
}
