import type { CloudReader } from '../../template/cloud-reader.ts';
import { exportsOf } from '../../template/apply.ts';
import type { StackSurroundings } from '../../template/apply-stack.ts';
import { actingPrincipal, type CloudFormationState } from './cloudformation-state.ts';
import type { Stack } from './stack.ts';

/** With what the provisioner works for a stack of the API; what it reads it reads as whoever acts for the stack. */
export function surroundingsOf(
  stack: Pick<Stack, 'id' | 'name' | 'roleArn' | 'principal'>,
  state: CloudFormationState,
): Omit<StackSurroundings, 'locate'> {
  const { context, records } = state;
  const principal = actingPrincipal(stack);
  const reader: CloudReader = { handle: (request) => context.gateway.handle(request, principal) };
  const others = records.stackNames().filter((name) => name !== stack.name);
  return {
    types: state.types(),
    reader,
    account: context.account,
    region: context.region,
    endpoint: context.endpoint,
    records,
    exported: exportsOf(others, records),
    stackId: stack.id,
  };
}
