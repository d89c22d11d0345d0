// What `slipway/cdk` exports: the installation, and Slipway's actions for pipelines of your own.
export { Slipway, type ServiceProps, type ServiceSource, type SlipwayProps } from './slipway.ts';
export { acknowledge, acknowledgeWildcards, type Wildcards } from './constructs/acknowledge.ts';
export { pipelineAction, type PipelineActionProps } from './pipelines/action.ts';
export { runWorkflow } from '../shared/actions/run-workflow/declaration.ts';
export { securityScan } from '../shared/actions/security-scan/declaration.ts';
export { smokeTest } from '../shared/actions/smoke-test/declaration.ts';
