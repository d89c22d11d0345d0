import type { CloudFormation, Export, Output, Stack as ShownStack, StackSummary } from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../gateway/service.ts';
import { isJsonObject, type Json } from '../../json.ts';
import { stackIdOf } from '../../template/names.ts';
import type { CloudFormationState } from './cloudformation-state.ts';
import { pageOf } from './paging.ts';
import { textOf } from './text-of.ts';
import { shownParameters } from './parameters.ts';
import type { Stack } from './stack.ts';
import { descriptionOf, readTemplateBody } from './template-body.ts';

/** Operations that show stacks: those of the API, and those of the app that the cloud runs. */
export function describeOperations(state: CloudFormationState): Operations<CloudFormation> {
  const { stacks } = state;
  return {
    DescribeStacks(input) {
      const { items, token } = pageOf(shownStacks(input.StackName, state), input.NextToken);
      return { Stacks: items, ...token };
    },
    ListStacks(input) {
      const wanted = new Set<string>(input.StackStatusFilter);
      const all = [...stacks.list().map((stack) => describeStack(stack, state)), ...appStacks(state)];
      const listed = all.filter(({ StackStatus: status }) => wanted.size === 0 || wanted.has(status ?? ''));
      const { items, token } = pageOf(listed, input.NextToken);
      return { StackSummaries: items.map(summarize), ...token };
    },
    ListExports(input) {
      const { items, token } = pageOf(exportsOfAll(state), input.NextToken);
      return { Exports: items, ...token };
    },
  };
}

function shownStacks(name: string | undefined, state: CloudFormationState): ShownStack[] {
  const apps = appStacks(state);
  if (name === undefined) {
    const standing = state.stacks.list().filter(({ deletedAtMs }) => deletedAtMs === undefined);
    return [...standing.map((stack) => describeStack(stack, state)), ...apps];
  }
  const ofApp = apps.find(({ StackName: known, StackId: id }) => known === name || id === name);
  return [ofApp ?? describeStack(state.stacks.get(name), state)];
}

function describeStack(stack: Stack, state: CloudFormationState): ShownStack {
  const parsed = stack.template === '' ? undefined : readTemplateBody(stack.template, stack.name);
  return {
    StackId: stack.id,
    StackName: stack.name,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    Description: (parsed && descriptionOf(parsed.raw)) ?? stack.description,
    CreationTime: new Date(stack.createdAtMs),
    LastUpdatedTime: dateOf(stack.updatedAtMs),
    DeletionTime: dateOf(stack.deletedAtMs),
    ChangeSetId: stack.changeSetId,
    RoleARN: stack.roleArn,
    Parameters: parsed ? shownParameters(parsed.template, stack.parameters) : [],
    // Only those that CloudFormation knows have passed the schema.
    Capabilities: [...stack.capabilities] as NonNullable<ShownStack['Capabilities']>,
    NotificationARNs: [...stack.notificationArns],
    Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
    Outputs: stack.deletedAtMs === undefined ? outputsOf(stack.name, parsed?.raw['Outputs'], state) : [],
    DisableRollback: stack.onFailure === 'DO_NOTHING',
    EnableTerminationProtection: stack.isProtected,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** The stacks of the app. When each was made is not known: they are shown as made when the cloud was started. */
function appStacks(state: CloudFormationState): ShownStack[] {
  const { context, records, openedAtMs } = state;
  const apart = new Set(records.apartNames());
  return records
    .stackNames()
    .filter((name) => !apart.has(name))
    .map((name) => ({
      StackId: stackIdOf(name, context.account, context.region),
      StackName: name,
      StackStatus: 'CREATE_COMPLETE',
      CreationTime: new Date(openedAtMs),
      Outputs: outputsOf(name, undefined, state),
      Parameters: [],
      Tags: [],
      DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    }));
}

function outputsOf(name: string, declared: Json | undefined, { records }: CloudFormationState): Output[] {
  const outputs = records.outputs(name);
  const exported = Object.entries(outputs?.exports ?? {});
  const declarations = isJsonObject(declared) ? declared : {};
  return Object.entries(outputs?.values ?? {}).map(([key, value]) => {
    const declaration = declarations[key];
    const description = isJsonObject(declaration) ? declaration['Description'] : undefined;
    const exportName = isJsonObject(declaration) && declaration['Export'] !== undefined;
    return {
      OutputKey: key,
      OutputValue: textOf(value),
      ...(typeof description === 'string' && { Description: description }),
      ...(exportName && { ExportName: exported.find(([, found]) => found === value)?.[0] }),
    };
  });
}

function summarize(stack: ShownStack): StackSummary {
  const { StackId, StackName, StackStatus, StackStatusReason, CreationTime, LastUpdatedTime, DeletionTime } = stack;
  return {
    ...{ StackId, StackName, StackStatus, StackStatusReason, CreationTime, LastUpdatedTime, DeletionTime },
    TemplateDescription: stack.Description,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function exportsOfAll({ records, stacks, context }: CloudFormationState): Export[] {
  return records.stackNames().flatMap((name) =>
    Object.entries(records.outputs(name)?.exports ?? {}).map(([exportName, value]) => ({
      ExportingStackId: stacks.find(name)?.id ?? stackIdOf(name, context.account, context.region),
      Name: exportName,
      Value: textOf(value),
    })),
  );
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
