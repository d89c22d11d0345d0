import type { DescribeStateMachineOutput } from '@aws-sdk/client-sfn';
import type { Store } from '../../../store/store.ts';
import { parseMachineArn } from '../arns.ts';
import { noSuchMachine } from '../errors.ts';
import { findMachine, findVersion, readRevision, type Machine, type Revision, type Version } from '../machines.ts';

/** A machine, or one of its versions, with the revision that this is. */
export interface Described {
  readonly arn: string;
  readonly machine: Machine;
  readonly revision: Revision;
  readonly version?: Version;
}

/** What a machine's or a version's ARN stands for. @throws AwsError `InvalidArn` or `StateMachineDoesNotExist` */
export function findDescribed(store: Store, arn: string | undefined): Described {
  const reference = parseMachineArn(arn);
  const machine = findMachine(store, reference.machineArn);
  if (!machine || reference.alias !== undefined) throw noSuchMachine(reference.arn);
  if (reference.version === undefined) return { arn: machine.arn, machine, revision: machine.revision };
  const version = findVersion(store, machine.arn, reference.version);
  if (!version) throw noSuchMachine(reference.arn);
  return { arn: reference.arn, machine, version, revision: readRevision(store, version.revision) };
}

/** The members of a description that come from the revision. */
export function describeRevision(
  revision: Revision,
): Pick<
  DescribeStateMachineOutput,
  'definition' | 'roleArn' | 'loggingConfiguration' | 'tracingConfiguration' | 'revisionId'
> {
  return {
    definition: revision.definition,
    roleArn: revision.roleArn,
    loggingConfiguration: JSON.parse(revision.logging),
    tracingConfiguration: JSON.parse(revision.tracing),
    ...(revision.revisionId !== undefined && { revisionId: revision.revisionId }),
  };
}
