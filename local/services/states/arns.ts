import { AwsError } from '../../errors.ts';

/** Where the ARNs of this service lie. */
export interface Home {
  readonly region: string;
  readonly account: string;
}

/** The ARN of a state machine. */
export function machineArn(home: Home, name: string): string {
  return `arn:aws:states:${home.region}:${home.account}:stateMachine:${name}`;
}

/** The ARN of an execution of the machine with this ARN. */
export function executionArn(machine: string, name: string): string {
  return `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** A state machine's ARN taken apart: without a qualifier, with a version number, or with an alias. */
export interface MachineReference {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly version?: number;
  readonly alias?: string;
}

const machinePattern = /^(arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:stateMachine:([^:/\s]+))(?::([^:\s]+))?$/;

/** @throws AwsError `InvalidArn` for a text that is no ARN of a state machine, a version or an alias */
export function parseMachineArn(arn: string | undefined): MachineReference {
  const [, machine, name, qualifier] = machinePattern.exec(arn ?? '') ?? [];
  if (arn === undefined || machine === undefined || name === undefined) throw invalidArn(arn);
  if (qualifier === undefined) return { arn, machineArn: machine, name };
  if (/^\d+$/.test(qualifier)) return { arn, machineArn: machine, name, version: Number(qualifier) };
  return { arn, machineArn: machine, name, alias: qualifier };
}

/** @throws AwsError `InvalidArn` for a text that is no ARN of an execution */
export function checkExecutionArn(arn: string | undefined): string {
  if (arn === undefined || !/^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:execution:[^:\s]+:[^:\s]+$/.test(arn)) {
    throw invalidArn(arn);
  }
  return arn;
}

/** The refusal of an ARN of another kind. */
export function invalidArn(arn: string | undefined): AwsError {
  return new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${arn ?? ''}'`);
}
