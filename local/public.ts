/** What others may use of the local cloud: `slipway/local`. */
export { startLocalCloud, type LocalCloud, type LocalCloudOptions } from './cloud.ts';
export { sendEvent } from './control/send-event.ts';
export type { ClockMode } from './clock/clock.ts';
export { LocalCloudError } from './errors.ts';
export type { CallRecord } from './gateway/gateway.ts';
export type { AwsCredentials, Principal } from './gateway/principal.ts';
export type { Json, JsonObject } from './json.ts';
export type { ServiceEvent } from './services/service-module.ts';
export { findAssembly } from './template/find-assembly.ts';
export type { Outcome } from './template/outcome.ts';
