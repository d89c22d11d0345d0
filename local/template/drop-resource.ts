import type { Outcome } from './outcome.ts';
import type { Records } from './records.ts';
import type { RecordedResource } from './recorded-resource.ts';

/** Takes a resource out of its stack: its policy says whether it will be deleted or stays without a stack. */
export function dropResource(resource: RecordedResource, records: Records): Outcome[] {
  const isKept = resource.deletionPolicy !== 'Delete';
  records.drop(resource, !isKept);
  return isKept ? [keptOutcome(resource)] : [];
}

/** That a resource stays although no stack has it any more. */
export function keptOutcome({ stackName, logicalId, type }: RecordedResource): Outcome {
  return { stackName, logicalId, type, did: 'kept', recordedOnly: false };
}
