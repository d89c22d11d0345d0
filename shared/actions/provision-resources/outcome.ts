import type { ChangeSetSeen, FailedResource } from '../gateways/stacks.ts';

/** What a stack's status says of an operation on it. */
export type StackOutcome = 'works' | 'done' | 'failed';

/** Reads a status; what goes back after a failure still works, so that a retry does not meet a stack that is busy. */
export function outcomeOf(status: string, operation: 'create' | 'update' | 'delete'): StackOutcome {
  if (status.endsWith('_IN_PROGRESS')) return 'works';
  const wanted = { create: 'CREATE_COMPLETE', update: 'UPDATE_COMPLETE', delete: 'DELETE_COMPLETE' };
  return status === wanted[operation] ? 'done' : 'failed';
}

/** What stands in the way of applying a template to a stack. */
export type Standing = 'absent' | 'updatable' | 'busy' | 'never-made' | 'stuck';

/** Reads what may be done with a stack by its status; undefined is no stack. */
export function standingOf(status: string | undefined): Standing {
  switch (status) {
    case undefined:
    case 'REVIEW_IN_PROGRESS':
    case 'DELETE_COMPLETE':
      return 'absent';
    case 'CREATE_COMPLETE':
    case 'UPDATE_COMPLETE':
    case 'UPDATE_ROLLBACK_COMPLETE':
    case 'IMPORT_COMPLETE':
    case 'IMPORT_ROLLBACK_COMPLETE':
      return 'updatable';
    case 'ROLLBACK_COMPLETE':
      return 'never-made';
    default:
      return status.endsWith('_IN_PROGRESS') ? 'busy' : 'stuck';
  }
}

/** Whether a change set failed for there being nothing to change, in CloudFormation's two wordings. */
export function isUnchanged({ status, reason = '' }: ChangeSetSeen): boolean {
  return status === 'failed' && /didn't contain changes|No updates are to be performed/i.test(reason);
}

/**
 * Resources that would not be the same any more, or of which nobody knows: a change set does not look into nested stacks, and
 * names one that stays whenever its parent changes.
 */
export function lostResources({ changes }: ChangeSetSeen): string[] {
  return changes.flatMap(({ logicalId, type, action, replacement }) => {
    if (action === 'Remove') return [`${logicalId} is removed`];
    if (replacement === 'yes') return [`${logicalId} is replaced`];
    if (replacement === 'may' || action === 'Dynamic') return [`${logicalId} may be replaced`];
    if (type === nestedStack && action === 'Modify')
      return [`${logicalId} is a nested stack, whose changes are not seen`];
    return [];
  });
}

const nestedStack = 'AWS::CloudFormation::Stack';

const namedFailures = 5;

/** The first failures in words; those that were cancelled for another's failure are left out. */
export function describeFailures(failures: readonly FailedResource[]): string {
  const own = failures.filter(({ reason }) => !/cancelled|canceled/i.test(reason));
  const told = (own.length > 0 ? own : failures).slice(0, namedFailures);
  const more = own.length > told.length ? `; and ${own.length - told.length} more` : '';
  return (
    told.map(({ logicalId, type, reason }) => `${logicalId} (${type}): ${reason || 'no reason given'}`).join('; ') +
    more
  );
}
