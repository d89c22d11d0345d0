import { githubDeclaration } from './github/declaration.ts';
import type { TriggerDeclaration } from './trigger.ts';

/** Every trigger that has a webhook; a folder and a line here is all that a new one takes. */
export const triggerDeclarations: readonly TriggerDeclaration[] = [githubDeclaration];
