// What `slipway/cdk` exports: the installation, and Slipway's actions for pipelines of your own.
export { Slipway, type ServiceProps, type ServiceSource, type SlipwayProps } from './slipway.ts';
export { acknowledge, acknowledgeWildcards, type Wildcards } from './constructs/acknowledge.ts';
export { PipelineAction, pipelineAction, type PipelineActionProps } from './pipelines/action.ts';
export { ActionFunction, type ActionFunctionProps } from './pipelines/action-function.ts';
export type { ActionClass, ActionPlace, FlatActionProps } from './pipelines/action-class.ts';
export * from './pipelines/library.ts';
export { bake } from '../shared/actions/bake/declaration.ts';
export { gitTag } from '../shared/actions/git-tag/declaration.ts';
export { loadTest } from '../shared/actions/load-test/declaration.ts';
export { mobileTest } from '../shared/actions/mobile-test/declaration.ts';
export { provisionResources } from '../shared/actions/provision-resources/declaration.ts';
export { resolveImageDigest } from '../shared/actions/resolve-image-digest/declaration.ts';
export { runWorkflow } from '../shared/actions/run-workflow/declaration.ts';
export { securityScan } from '../shared/actions/security-scan/declaration.ts';
export { sendNotification } from '../shared/actions/send-notification/declaration.ts';
export { smokeTest } from '../shared/actions/smoke-test/declaration.ts';
export { updateDashboard } from '../shared/actions/update-dashboard/declaration.ts';
export { updateTicket } from '../shared/actions/update-ticket/declaration.ts';
