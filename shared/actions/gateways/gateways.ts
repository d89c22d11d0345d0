import type { AlarmGateway } from './alarms.ts';
import type { DeviceGateway } from './device-farm.ts';
import type { ExecutionGateway } from './executions.ts';
import type { ImageFindingsGateway } from './image-findings.ts';
import type { ImageGateway } from './images.ts';
import type { ScheduleGateway } from './schedules.ts';
import type { StackGateway } from './stacks.ts';
import type { WorkflowGateway } from '../run-workflow/workflows.ts';
import type { TopicGateway } from './topics.ts';
import type { MetricGateway } from './metrics.ts';

/** Secrets that a pipeline names for an action. */
export interface SecretGateway {
  /**
   * The current value of a secret, by its name or ARN. It belongs in no message, output, log or artifact.
   * @throws ActionFailed ConfigurationError if there is no such secret, PermissionError if the action may not read it
   */
  read(name: string): Promise<string>;
}

/**
 * What an action may reach beside its job, by the name with which its declaration asks for it. Each has an implementation
 * in `shared/aws/gateways/<name>.ts`, which the bundles of the actions that ask for it hold.
 */
export interface ActionGateways {
  readonly alarms: AlarmGateway;
  readonly devices: DeviceGateway;
  readonly executions: ExecutionGateway;
  readonly findings: ImageFindingsGateway;
  readonly images: ImageGateway;
  readonly metrics: MetricGateway;
  readonly schedules: ScheduleGateway;
  readonly secrets: SecretGateway;
  readonly stacks: StackGateway;
  readonly topics: TopicGateway;
  readonly workflows: WorkflowGateway;
}

/** One of the gateways. */
export type GatewayName = keyof ActionGateways;

/** Every gateway, for what goes over them at synth. */
export const gatewayNames: readonly GatewayName[] = [
  'alarms',
  'devices',
  'executions',
  'findings',
  'images',
  'metrics',
  'schedules',
  'secrets',
  'stacks',
  'topics',
  'workflows',
];
