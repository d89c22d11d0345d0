import { isDeepStrictEqual } from 'node:util';
import { randomUUID } from 'node:crypto';
import type { CreateStateMachineInput, SFN, StateMachineType, UpdateStateMachineInput } from '@aws-sdk/client-sfn';
import { AwsError, notSupportedLocally } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { CloudContext } from '../../service-module.ts';
import { invalidArn, machineArn, parseMachineArn } from '../arns.ts';
import { checkDefinition } from '../check-definition.ts';
import { machineIsDeleting, maxDefinitionBytes, noSuchMachine, validationError } from '../errors.ts';
import { hasRunning } from '../executions.ts';
import { checkResource } from '../integrations/registry.ts';
import {
  deleteMachine,
  findMachine,
  insertMachine,
  insertRevision,
  listMachines,
  setDeleting,
  setRevision,
  type Machine,
} from '../machines.ts';
import { checkName } from '../names.ts';
import { cutPage, pageOf } from '../pages.ts';
import { describeRevision, findDescribed } from './describe.ts';
import { givenTags } from './tags.ts';
import { publish, versionArn } from './versions.ts';

/** Making, changing, deleting and describing state machines. */
export function machineOperations(context: CloudContext): Operations<SFN> {
  const { store } = context;
  return {
    CreateStateMachine: (input) => store.transaction(() => create(context, input)),
    UpdateStateMachine: (input) => store.transaction(() => update(context, input)),

    DeleteStateMachine({ stateMachineArn }) {
      const reference = parseMachineArn(stateMachineArn);
      if (reference.arn !== reference.machineArn) throw invalidArn(stateMachineArn);
      store.transaction(() => {
        const isExpress = findMachine(store, reference.machineArn)?.type === 'EXPRESS';
        // What an Express machine runs may go on for a while (documented for DeleteStateMachine).
        if (!isExpress && hasRunning(store, reference.machineArn)) setDeleting(store, reference.machineArn);
        else deleteMachine(store, reference.machineArn);
      });
      return {};
    },

    DescribeStateMachine({ stateMachineArn }) {
      const { arn, machine, revision, version } = findDescribed(store, stateMachineArn);
      return {
        stateMachineArn: arn,
        name: machine.name,
        status: machine.status,
        type: machine.type,
        creationDate: new Date(version?.createdAtMs ?? machine.createdAtMs),
        ...(version?.description !== undefined && { description: version.description }),
        ...describeRevision(revision),
      };
    },

    ListStateMachines(input) {
      const page = pageOf(input);
      const { items, token } = cutPage(page, listMachines(store, page));
      const stateMachines = items.map(({ arn, name, type, createdAtMs }) => ({
        stateMachineArn: arn,
        name,
        type,
        creationDate: new Date(createdAtMs),
      }));
      return { stateMachines, ...token };
    },
  };
}

function create(context: CloudContext, input: CreateStateMachineInput) {
  const { store, clock } = context;
  checkSupported(input);
  const name = checkName(input.name);
  const arn = machineArn(context, name);
  const { type = 'STANDARD' } = input;
  const definition = checkedDefinition(context, input.definition, type);
  const roleArn = checkRoleArn(input.roleArn);
  checkVersionDescription(input);
  const fields = { type, definition, logging: loggingOf(input), tracing: tracingOf(input) };
  const known = findMachine(store, arn);
  if (known) return existing(known, fields, input, context);
  const tags = givenTags(input.tags ?? [], arn);
  const nowMs = clock.nowMs();
  const { type: _type, ...revised } = fields;
  const revision = insertRevision(store, { machineArn: arn, roleArn, ...revised, createdAtMs: nowMs });
  insertMachine(store, {
    arn,
    name,
    type,
    revision,
    tags,
    nowMs,
  });
  return {
    stateMachineArn: arn,
    creationDate: new Date(nowMs),
    ...(input.publish && { stateMachineVersionArn: publishNewest(context, arn, input.versionDescription) }),
  };
}

/** A repeated CreateStateMachine: the same machine answers as before; role and tags are not compared. */
function existing(
  machine: Machine,
  fields: { type: StateMachineType; definition: string; logging: string; tracing: string },
  input: CreateStateMachineInput,
  context: CloudContext,
) {
  if (machine.status === 'DELETING') throw machineIsDeleting(machine.arn);
  const { definition, logging, tracing } = machine.revision;
  if (!isDeepStrictEqual({ type: machine.type, definition, logging, tracing }, fields)) {
    throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${machine.arn}'`);
  }
  return {
    stateMachineArn: machine.arn,
    creationDate: new Date(machine.createdAtMs),
    ...(input.publish && { stateMachineVersionArn: publishNewest(context, machine.arn, input.versionDescription) }),
  };
}

function update(context: CloudContext, input: UpdateStateMachineInput) {
  const { store, clock } = context;
  checkSupported(input);
  const reference = parseMachineArn(input.stateMachineArn);
  const machine = reference.arn === reference.machineArn ? findMachine(store, reference.arn) : undefined;
  if (!machine) throw noSuchMachine(reference.arn);
  if (machine.status === 'DELETING') throw machineIsDeleting(machine.arn);
  checkSomethingToUpdate(input);
  checkVersionDescription(input);
  const before = machine.revision;
  const after = {
    definition:
      input.definition === undefined ? before.definition : checkedDefinition(context, input.definition, machine.type),
    roleArn: input.roleArn === undefined ? before.roleArn : checkRoleArn(input.roleArn),
    logging: input.loggingConfiguration === undefined ? before.logging : loggingOf(input),
    tracing: input.tracingConfiguration === undefined ? before.tracing : tracingOf(input),
  };
  const { definition, roleArn, logging, tracing } = before;
  const isChanged = !isDeepStrictEqual(after, { definition, roleArn, logging, tracing });
  const revisionId = isChanged ? randomUUID() : before.revisionId;
  if (isChanged && revisionId !== undefined) {
    const id = insertRevision(store, { machineArn: machine.arn, revisionId, ...after, createdAtMs: clock.nowMs() });
    setRevision(store, machine.arn, id);
  }
  return {
    updateDate: new Date(clock.nowMs()),
    ...(revisionId !== undefined && { revisionId }),
    ...(input.publish && { stateMachineVersionArn: publishNewest(context, machine.arn, input.versionDescription) }),
  };
}

function publishNewest(context: CloudContext, arn: string, description: string | undefined): string {
  const machine = findMachine(context.store, arn);
  if (!machine) throw noSuchMachine(arn);
  return versionArn(publish(context, machine, description));
}

function checkSupported(input: {
  type?: string | undefined;
  encryptionConfiguration?: CreateStateMachineInput['encryptionConfiguration'];
}): void {
  checkType(input.type);
  if (input.encryptionConfiguration && input.encryptionConfiguration.type !== 'AWS_OWNED_KEY') {
    throw notSupportedLocally('encryptionConfiguration with a customer managed key');
  }
}

function checkType(type: string | undefined): void {
  if (type === undefined || type === 'STANDARD' || type === 'EXPRESS') return;
  throw validationError(
    `1 validation error detected: Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]`,
  );
}

function checkedDefinition(context: CloudContext, definition: string | undefined, type: StateMachineType): string {
  const text = definition ?? '';
  if (Buffer.byteLength(text) > maxDefinitionBytes) {
    throw validationError(
      `1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to ${maxDefinitionBytes}`,
    );
  }
  checkDefinition(text, (state, place) => checkResource(state, place, { gateway: context.gateway, type }));
  return text;
}

function checkRoleArn(arn: string | undefined): string {
  if (arn !== undefined && /^arn:aws[a-z-]*:iam::\d{12}:role\/\S{1,256}$/.test(arn)) return arn;
  throw new AwsError('InvalidArn', `Invalid Role Arn: '${arn ?? ''}'`);
}

function checkVersionDescription(input: {
  publish?: boolean | undefined;
  versionDescription?: string | undefined;
}): void {
  if (input.versionDescription !== undefined && !input.publish) {
    throw validationError('Version description can only be set when publish is true');
  }
}

function checkSomethingToUpdate(input: UpdateStateMachineInput): void {
  const {
    definition,
    roleArn,
    loggingConfiguration,
    tracingConfiguration,
    encryptionConfiguration,
    publish: isPublished,
  } = input;
  const given = [definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration, isPublished];
  if (given.some((value) => value !== undefined)) return;
  throw new AwsError(
    'MissingRequiredParameter',
    'Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the EncryptionConfiguration must be specified',
  );
}

function loggingOf({ loggingConfiguration }: Pick<CreateStateMachineInput, 'loggingConfiguration'>): string {
  return JSON.stringify({ level: 'OFF', includeExecutionData: false, ...loggingConfiguration });
}

function tracingOf({ tracingConfiguration }: Pick<CreateStateMachineInput, 'tracingConfiguration'>): string {
  return JSON.stringify({ enabled: false, ...tracingConfiguration });
}
