// What `slipway/actions` exports: everything that an action of your own needs.
export { declareAction, implementAction } from './action.ts';
export type {
  Action,
  ActionDeclaration,
  ActionInput,
  ActionPermission,
  CheckResultOf,
  DeployedWhere,
  LongJobHooks,
  LongJobInput,
  ArtifactCount,
  ResultOf,
  SynthUse,
} from './action.ts';
export { ArtifactRefused, type ArtifactFiles, type Artifacts } from './artifacts.ts';
export type { JobContext } from './runner/job-event.ts';
export { continueLater, fail, runAgain, startJob, stillRunning, succeed } from './result.ts';
export { ActionFailed } from './result.ts';
export type { ActionGateways, GatewayName } from './gateways/gateways.ts';
export type { Done, Effect } from './runner/once.ts';
export type {
  ActionResult,
  CheckResult,
  Continuation,
  LongJobStart,
  RunAgain,
  StillRunning,
  Until,
  Failure,
  FailureType,
  Success,
} from './result.ts';
export type { Traceable } from './traceable.ts';
