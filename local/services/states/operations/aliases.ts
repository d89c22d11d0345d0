import { isDeepStrictEqual } from 'node:util';
import type { CreateStateMachineAliasInput, SFN } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../errors.ts';
import type { Operations } from '../../../gateway/service.ts';
import type { CloudContext } from '../../service-module.ts';
import { deleteAlias, findAlias, listAliases, saveAlias, type Alias, type Route } from '../aliases.ts';
import { parseMachineArn } from '../arns.ts';
import { checkLength, machineIsDeleting, noSuchMachine, validationError } from '../errors.ts';
import { findMachine, findVersion } from '../machines.ts';
import { cutPage, pageOf } from '../pages.ts';

/** Making, changing, describing and deleting aliases. */
export function aliasOperations(context: CloudContext): Operations<SFN> {
  const { store, clock } = context;
  return {
    CreateStateMachineAlias: (input) => store.transaction(() => create(context, input)),

    UpdateStateMachineAlias({ stateMachineAliasArn, description, routingConfiguration }) {
      return store.transaction(() => {
        checkLength('description', description, 256);
        const alias = existing(context, stateMachineAliasArn);
        if (description === undefined && routingConfiguration === undefined) {
          throw validationError('Either description or routingConfiguration must be specified');
        }
        const routing =
          routingConfiguration === undefined ? alias.routing : checkRouting(context, routingConfiguration);
        const updatedAtMs = clock.nowMs();
        saveAlias(store, { ...alias, ...(description !== undefined && { description }), routing, updatedAtMs });
        return { updateDate: new Date(updatedAtMs) };
      });
    },

    DescribeStateMachineAlias({ stateMachineAliasArn }) {
      const alias = existing(context, stateMachineAliasArn);
      return {
        stateMachineAliasArn: alias.arn,
        name: alias.name,
        ...(alias.description !== undefined && { description: alias.description }),
        routingConfiguration: alias.routing.map((route) => ({ ...route })),
        creationDate: new Date(alias.createdAtMs),
        updateDate: new Date(alias.updatedAtMs),
      };
    },

    DeleteStateMachineAlias({ stateMachineAliasArn }) {
      deleteAlias(store, parseMachineArn(stateMachineAliasArn).arn);
      return {};
    },

    ListStateMachineAliases({ stateMachineArn, ...paging }) {
      const reference = parseMachineArn(stateMachineArn);
      if (!findMachine(store, reference.machineArn)) throw noSuchMachine(reference.arn);
      const page = pageOf(paging);
      const found = listAliases(
        store,
        reference.machineArn,
        reference.version === undefined ? page : everything,
      ).filter(
        ({ routing }) =>
          reference.version === undefined || routing.some((route) => route.stateMachineVersionArn === reference.arn),
      );
      const window = reference.version === undefined ? found : found.slice(page.offset, page.offset + page.count);
      const { items, token } = cutPage(page, window);
      const stateMachineAliases = items.map((alias) => ({
        stateMachineAliasArn: alias.arn,
        creationDate: new Date(alias.createdAtMs),
      }));
      return { stateMachineAliases, ...token };
    },
  };
}

/** A machine has at most 100 aliases. */
const everything = { offset: 0, count: 100 };

function create(context: CloudContext, { name = '', description, routingConfiguration }: CreateStateMachineAliasInput) {
  const { store, clock } = context;
  if (!/^(?=.*[a-zA-Z_\-.])[a-zA-Z0-9_\-.]{1,80}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$`,
    );
  }
  checkLength('description', description, 256);
  const routing = checkRouting(context, routingConfiguration ?? []);
  const { machineArn } = parseMachineArn(routing[0]?.stateMachineVersionArn);
  const arn = `${machineArn}:${name}`;
  const known = findAlias(store, arn);
  if (known) return repeated(known, description, routing);
  if (listAliases(store, machineArn, everything).length >= everything.count) {
    throw new AwsError('ServiceQuotaExceededException', `A state machine has at most ${everything.count} aliases.`, {
      httpStatus: 402,
    });
  }
  const nowMs = clock.nowMs();
  const optional = description === undefined ? {} : { description };
  saveAlias(store, { arn, machineArn, name, ...optional, routing, createdAtMs: nowMs, updatedAtMs: nowMs });
  return { stateMachineAliasArn: arn, creationDate: new Date(nowMs) };
}

function repeated(alias: Alias, description: string | undefined, routing: readonly Route[]) {
  if (alias.description !== description || !isDeepStrictEqual(alias.routing, routing)) {
    throw new AwsError(
      'ConflictException',
      'Failed to create alias because an alias with the same name and a different routing configuration already exists.',
      { httpStatus: 409 },
    );
  }
  return { stateMachineAliasArn: alias.arn, creationDate: new Date(alias.createdAtMs) };
}

type GivenRoute = NonNullable<CreateStateMachineAliasInput['routingConfiguration']>[number];

/** One or two distinct versions of one machine whose weights sum up to 100. */
function checkRouting(context: CloudContext, given: readonly GivenRoute[]): Route[] {
  const routes = given.map(({ stateMachineVersionArn = '', weight = 0 }) => ({ stateMachineVersionArn, weight }));
  if (routes.length < 1 || routes.length > 2) {
    throw validationError(
      `1 validation error detected: Value at 'routingConfiguration' failed to satisfy constraint: Member must have length from 1 to 2`,
    );
  }
  const arns = routes.map((route) => route.stateMachineVersionArn);
  const references = arns.map((arn) => parseMachineArn(arn));
  if (references.some(({ version }) => version === undefined)) {
    throw validationError(
      `Routing configuration must contain state machine version ARNs. Received: [${arns.join(', ')}]`,
    );
  }
  if (new Set(arns).size < arns.length) {
    throw validationError(
      `Routing configuration must contain distinct state machine version ARNs. Received: [${arns.join(', ')}]`,
    );
  }
  if (new Set(references.map(({ machineArn }) => machineArn)).size > 1) {
    throw validationError(
      `Routing configuration must contain versions of one state machine. Received: [${arns.join(', ')}]`,
    );
  }
  checkWeights(routes.map(({ weight }) => weight));
  for (const { machineArn, version = 0, arn } of references) checkVersion(context, machineArn, version, arn);
  return routes;
}

function checkWeights(weights: readonly number[]): void {
  if (weights.some((weight) => !Number.isInteger(weight) || weight < 0 || weight > 100)) {
    throw validationError(`Weights must be whole numbers from 0 to 100. Received: [${weights.join(', ')}]`);
  }
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
    throw validationError(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`);
  }
}

function checkVersion({ store }: CloudContext, machineArn: string, version: number, arn: string): void {
  const machine = findMachine(store, machineArn);
  if (machine?.status === 'DELETING') throw machineIsDeleting(machineArn);
  if (!machine || !findVersion(store, machineArn, version)) throw notFound(arn);
}

function existing({ store }: CloudContext, arn: string | undefined): Alias {
  const reference = parseMachineArn(arn);
  const alias = reference.alias === undefined ? undefined : findAlias(store, reference.arn);
  if (!alias) throw notFound(reference.arn);
  return alias;
}

function notFound(arn: string): AwsError {
  return new AwsError('ResourceNotFound', 'Request references a resource that does not exist.', {
    httpStatus: 404,
    members: { resourceName: arn },
  });
}
