import type { TriggerDeclaration } from '../trigger.ts';

/** GitHub's webhook. Its payloads may be larger, but a push that a person made is far below this. */
export const githubDeclaration: TriggerDeclaration = {
  id: 'github',
  route: 'POST /webhooks/github',
  maxBodyBytes: 1_048_576,
  secretDescription: "Signs GitHub's webhooks; enter the same value in the repository's webhook settings.",
};
