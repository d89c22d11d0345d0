import { rolePrincipal, servicePrincipal, type Principal } from '../../gateway/principal.ts';
import type { ResourceTypes } from '../../template/plan.ts';
import type { Records } from '../../template/records.ts';
import type { CloudContext } from '../service-module.ts';
import type { ChangeSets } from './change-sets.ts';
import type { HappenedEvent, StackEvents } from './stack-events.ts';
import type { Stack } from './stack.ts';
import type { Stacks } from './stacks.ts';

/** What the operations of CloudFormation share. */
export interface CloudFormationState {
  readonly context: CloudContext;
  readonly records: Records;
  readonly stacks: Stacks;
  readonly changeSets: ChangeSets;
  readonly events: StackEvents;
  /** When this process opened the service: since when the app's stacks are known to stand. */
  readonly openedAtMs: number;
  /** What the provisioner can make; known when every service is open. */
  types(): ResourceTypes;
}

/** Who acts for a stack: its role, or whoever asked. */
export function actingPrincipal({ roleArn, principal }: Pick<Stack, 'roleArn' | 'principal'>): Principal {
  if (roleArn === undefined) return principal;
  return rolePrincipal(roleArn, 'AWSCloudFormation', servicePrincipal('cloudformation.amazonaws.com'));
}

/** What an event of the stack itself says. */
function stackEvent(stack: Stack): HappenedEvent {
  return {
    logicalId: stack.name,
    type: 'AWS::CloudFormation::Stack',
    physicalId: stack.id,
    status: stack.status,
    reason: stack.statusReason,
  };
}

/** Writes a stack down with a new status, and tells it in events, its own and that of the default bus, in one write. */
export function moveStack(stack: Stack, to: Partial<Stack> & Pick<Stack, 'status'>, state: CloudFormationState): Stack {
  const moved: Stack = { ...stack, statusReason: undefined, ...to };
  state.context.store.transaction(() => {
    state.stacks.save(moved);
    state.events.add(moved, stackEvent(moved));
    state.context.deliverEvent({
      source: 'aws.cloudformation',
      'detail-type': 'CloudFormation Stack Status Change',
      resources: [moved.id],
      detail: {
        'stack-id': moved.id,
        'status-details': { status: moved.status, 'status-reason': moved.statusReason ?? '' },
        'client-request-token': moved.clientToken ?? '',
      },
    });
  });
  return moved;
}
