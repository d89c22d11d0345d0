import type { ResourceProgress } from '../../template/apply-stack.ts';
import { reasonOf } from '../../template/resource-failure.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import type { Stack } from './stack.ts';

const words = { create: 'CREATE', update: 'UPDATE', replace: 'UPDATE', delete: 'DELETE', unchanged: 'UPDATE' } as const;

/** Writes the events of a stack's resources while an operation makes or deletes them. */
export function progressOf(stack: Stack, { events }: CloudFormationState) {
  const begun = new Set<string>();
  let last: ResourceProgress | undefined;
  const add = (of: ResourceProgress, state: string, reason?: string): void => {
    const { logicalId, type, physicalId, change } = of;
    events.add(stack, { logicalId, type, physicalId, status: `${words[change]}_${state}`, reason });
  };
  return {
    tell(progress: ResourceProgress): void {
      const isAgain = begun.has(progress.logicalId);
      begun.add(progress.logicalId);
      if (progress.isDone) add(progress, 'COMPLETE');
      else if (!isAgain) add(progress, 'IN_PROGRESS');
      last = progress.isDone ? undefined : progress;
    },
    /** @returns the reason that the stack gives */
    failed(error: unknown): string {
      const reason = reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
      if (!last) return reason;
      add(last, 'FAILED', reason);
      const done = last.change === 'delete' ? 'delete' : last.change === 'create' ? 'create' : 'update';
      return `The following resource(s) failed to ${done}: [${last.logicalId}].`;
    },
  };
}
