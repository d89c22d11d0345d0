import type { ActionProvider, TimeLimit } from '../providers/provider.ts';
import type { ActionStructure } from '../structure/structure.ts';

/** What an action gets whose kind has no limit of its own (User Guide, quotas: "All other actions: 1 hour"). */
const anyOther: TimeLimit = { ms: 60 * 60 * 1000, message: 'The action has not ended within 1 hour' };

/** When an action that has not ended fails, and what is then said. */
export function timeLimitOf(provider: ActionProvider, action: ActionStructure): TimeLimit {
  return provider.timeLimit?.(action) ?? anyOther;
}
