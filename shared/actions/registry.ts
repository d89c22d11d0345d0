import type { ActionDeclaration } from './action.ts';
import { bake } from './bake/declaration.ts';
import { gitTag } from './git-tag/declaration.ts';
import { loadTest } from './load-test/declaration.ts';
import { mobileTest } from './mobile-test/declaration.ts';
import { provisionResources } from './provision-resources/declaration.ts';
import { resolveImageDigest } from './resolve-image-digest/declaration.ts';
import { runWorkflow } from './run-workflow/declaration.ts';
import { securityScan } from './security-scan/declaration.ts';
import { sendNotification } from './send-notification/declaration.ts';
import { smokeTest } from './smoke-test/declaration.ts';
import { updateDashboard } from './update-dashboard/declaration.ts';
import { updateTicket } from './update-ticket/declaration.ts';
import { variableCheck } from './variable-check/declaration.ts';

/** Every action that comes with Slipway: one line each. Declarations only, so that synth loads no implementation. */
export const actions: readonly ActionDeclaration[] = [
  bake,
  gitTag,
  loadTest,
  mobileTest,
  provisionResources,
  resolveImageDigest,
  runWorkflow,
  securityScan,
  sendNotification,
  smokeTest,
  updateDashboard,
  updateTicket,
  variableCheck,
];
