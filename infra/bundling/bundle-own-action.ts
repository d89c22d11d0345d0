// Bundles the action that standard input describes; `own-action.ts` runs this as a process of its own.
import { text } from 'node:stream/consumers';
import { bundleOwnAction, type OwnAction } from './own-action.ts';

// What `bundleOwnActionSync` has written.
const action = JSON.parse(await text(process.stdin)) as OwnAction;
try {
  await bundleOwnAction(action);
} catch {
  // esbuild has said on standard error what is wrong, and where.
  process.exitCode = 1;
}
