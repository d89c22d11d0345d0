import type { SFN } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { CloudContext } from '../../service-module.ts';
import { listAliases } from '../aliases.ts';
import { parseMachineArn } from '../arns.ts';
import { checkLength, machineIsDeleting, noSuchMachine, validationError } from '../errors.ts';
import {
  deleteVersion,
  findMachine,
  findVersion,
  insertVersion,
  listVersions,
  type Machine,
  type Version,
} from '../machines.ts';
import { cutPage, pageOf } from '../pages.ts';

/** Publishing, listing and deleting versions. */
export function versionOperations(context: CloudContext): Operations<SFN> {
  const { store } = context;
  return {
    PublishStateMachineVersion({ stateMachineArn, revisionId, description }) {
      return store.transaction(() => {
        const machine = unqualified(context, stateMachineArn);
        if (machine.status === 'DELETING') throw machineIsDeleting(machine.arn);
        const current = machine.revision.revisionId ?? 'INITIAL';
        if (revisionId !== undefined && revisionId !== '' && revisionId !== current) {
          throw new AwsError(
            'ConflictException',
            `Failed to publish the State Machine version for revision ${revisionId}. The current State Machine revision is ${current}.`,
            { httpStatus: 409 },
          );
        }
        const version = publish(context, machine, description);
        return { stateMachineVersionArn: versionArn(version), creationDate: new Date(version.createdAtMs) };
      });
    },

    ListStateMachineVersions({ stateMachineArn, ...paging }) {
      const machine = unqualified(context, stateMachineArn);
      const page = pageOf(paging);
      const { items, token } = cutPage(page, listVersions(store, machine.arn, page));
      const stateMachineVersions = items.map((version) => ({
        stateMachineVersionArn: versionArn(version),
        creationDate: new Date(version.createdAtMs),
      }));
      return { stateMachineVersions, ...token };
    },

    DeleteStateMachineVersion({ stateMachineVersionArn }) {
      const reference = parseMachineArn(stateMachineVersionArn);
      const { version } = reference;
      if (version === undefined) throw validationError(`Not the ARN of a version: ${reference.arn}`);
      store.transaction(() => {
        checkUnused(context, reference.machineArn, reference.arn);
        deleteVersion(store, reference.machineArn, version);
      });
      return {};
    },
  };
}

/** The ARN of a version. */
export function versionArn({ machineArn, number }: Version): string {
  return `${machineArn}:${number}`;
}

/** Publishes a machine as it is; what is published already keeps its version. In the open transaction. */
export function publish(context: CloudContext, machine: Machine, description: string | undefined): Version {
  const { store, clock } = context;
  checkLength('description', description, 256);
  const newest = findVersion(store, machine.arn, machine.lastVersion);
  if (newest?.revision === machine.revision.id) {
    if (description === undefined || description === newest.description) return newest;
    throw new AwsError(
      'ConflictException',
      `Version ${versionArn(newest)} of this revision exists already with another description.`,
      { httpStatus: 409 },
    );
  }
  return insertVersion(store, machine, description, clock.nowMs());
}

function checkUnused(context: CloudContext, machineArn: string, arn: string): void {
  const aliases = listAliases(context.store, machineArn, { offset: 0, count: 1_000 });
  const using = aliases.filter(({ routing }) => routing.some((route) => route.stateMachineVersionArn === arn));
  if (using.length === 0) return;
  const names = using.map(({ name }) => name).join(', ');
  throw new AwsError(
    'ConflictException',
    `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names}]`,
    { httpStatus: 409 },
  );
}

function unqualified(context: CloudContext, arn: string | undefined): Machine {
  const reference = parseMachineArn(arn);
  const machine = reference.arn === reference.machineArn ? findMachine(context.store, reference.arn) : undefined;
  if (!machine) throw noSuchMachine(reference.arn);
  return machine;
}
