import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  type Capability,
  type Change,
  type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type {
  ChangeSetSeen,
  FailedResource,
  Proposal,
  ResourceChange,
  StackGateway,
  StackSeen,
} from '../../actions/gateways/stacks.ts';
import { ActionFailed, cut, type FailureType } from '../../actions/result.ts';
import { messageOf } from '../../errors.ts';
import { clientSettings } from '../client-settings.ts';
import { calling, errorName } from '../failure.ts';

/** Pages of events that are read at the most; an operation's own are the latest. */
const eventPages = 20;

/** CloudFormation, for an action. */
export function openGateway(
  client: CloudFormationClient = new CloudFormationClient(clientSettings),
  storage: S3Client = new S3Client(clientSettings),
): StackGateway {
  return {
    find: (nameOrId) => calling('cloudformation:DescribeStacks', () => find(nameOrId, client)),
    findChangeSet: (stackName, name) =>
      calling('cloudformation:DescribeChangeSet', () => findChangeSet({ stackName, name }, client)),
    propose: (proposal) => calling('cloudformation:CreateChangeSet', () => propose(proposal, client)),
    execute: ({ id, token }) =>
      calling('cloudformation:ExecuteChangeSet', async () => {
        const command = new ExecuteChangeSetCommand({ ChangeSetName: id, ClientRequestToken: token });
        await client.send(command).catch((thrown: unknown) => refuse('the change set', thrown));
      }),
    dropChangeSet: (id) =>
      calling('cloudformation:DeleteChangeSet', async () => {
        await client
          .send(new DeleteChangeSetCommand({ ChangeSetName: id }))
          .catch((thrown: unknown) => refuse('the change set', thrown));
      }),
    delete: ({ id, token, roleArn }) =>
      calling('cloudformation:DeleteStack', async () => {
        const command = new DeleteStackCommand({
          StackName: id,
          ClientRequestToken: token,
          ...(roleArn !== undefined && { RoleARN: roleArn }),
        });
        await client.send(command).catch((thrown: unknown) => refuse(`stack ${id}`, thrown));
      }),
    failures: (stackId, token) =>
      calling('cloudformation:DescribeStackEvents', () => failuresOf({ stackId, token }, client)),
    keepTemplate: ({ bucket, key }, text) =>
      calling('s3:PutObject', async () => {
        const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: text });
        await storage.send(command).catch((thrown: unknown) => refuse(`bucket ${bucket}`, thrown));
        return `https://${bucket}.s3.${await storage.config.region()}.amazonaws.com/${key}`;
      }),
  };
}

async function find(nameOrId: string, client: CloudFormationClient): Promise<StackSeen | undefined> {
  const answer = await client
    .send(new DescribeStacksCommand({ StackName: nameOrId }))
    .catch((thrown: unknown) => (isMissing(thrown) ? undefined : refuse(`stack ${nameOrId}`, thrown)));
  const stack = answer?.Stacks?.[0];
  if (!stack) return undefined;
  const outputs = (stack.Outputs ?? []).map(({ OutputKey: key = '', OutputValue: value = '' }) => [key, value]);
  return {
    id: stack.StackId ?? nameOrId,
    status: stack.StackStatus ?? '',
    reason: stack.StackStatusReason,
    outputs: Object.fromEntries(outputs),
  };
}

async function findChangeSet(
  { stackName, name }: { readonly stackName: string; readonly name: string },
  client: CloudFormationClient,
): Promise<ChangeSetSeen | undefined> {
  let first: DescribeChangeSetCommandOutput | undefined;
  const changes: Change[] = [];
  let token: string | undefined;
  do {
    const page = await client
      .send(
        new DescribeChangeSetCommand({ StackName: stackName, ChangeSetName: name, ...(token && { NextToken: token }) }),
      )
      .catch((thrown: unknown) => (isMissing(thrown) ? undefined : refuse(`stack ${stackName}`, thrown)));
    if (!page) return undefined;
    first ??= page;
    changes.push(...(page.Changes ?? []));
    token = page.NextToken;
  } while (token);
  return {
    id: first.ChangeSetId ?? '',
    stackId: first.StackId ?? '',
    status: statusOf(first),
    reason: first.StatusReason,
    changes: changes.flatMap(changeOf),
  };
}

function statusOf({ Status, ExecutionStatus }: DescribeChangeSetCommandOutput): ChangeSetSeen['status'] {
  if (Status === 'FAILED') return 'failed';
  if (ExecutionStatus === 'OBSOLETE') return 'outdated';
  if (ExecutionStatus?.startsWith('EXECUTE_')) return 'begun';
  return Status === 'CREATE_COMPLETE' && ExecutionStatus === 'AVAILABLE' ? 'ready' : 'pending';
}

function changeOf({ ResourceChange: change }: Change): ResourceChange[] {
  if (!change) return [];
  const { LogicalResourceId: logicalId = '', ResourceType: type = '', Action: action = '' } = change;
  const { Replacement: replacement } = change;
  const kind = replacement === 'True' ? 'yes' : replacement === 'Conditional' ? 'may' : 'no';
  return [{ logicalId, type, action, replacement: kind }];
}

async function propose(proposal: Proposal, client: CloudFormationClient): Promise<void> {
  const { name, stackName, isNew, template, parameters, tags, capabilities, roleArn } = proposal;
  const command = new CreateChangeSetCommand({
    StackName: stackName,
    ChangeSetName: name,
    // The same request again is not a second change set.
    ClientToken: name,
    ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
    ...('url' in template ? { TemplateURL: template.url } : { TemplateBody: template.text }),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    // Only names that the declaration's schema lists.
    Capabilities: capabilities as Capability[],
    RoleARN: roleArn,
    ...(isNew && { OnStackFailure: 'DELETE' }),
  });
  await client.send(command).catch((thrown: unknown) => {
    if (errorName(thrown) !== 'AlreadyExistsException') refuse(`stack ${stackName}`, thrown);
  });
}

async function failuresOf(
  { stackId, token }: { readonly stackId: string; readonly token: string },
  client: CloudFormationClient,
): Promise<FailedResource[]> {
  const latestFirst: FailedResource[] = [];
  let next: string | undefined;
  for (let page = 0; page < eventPages; page += 1) {
    const { StackEvents = [], NextToken } = await client
      .send(new DescribeStackEventsCommand({ StackName: stackId, ...(next && { NextToken: next }) }))
      .catch((thrown: unknown) => refuse(`stack ${stackId}`, thrown));
    const own = StackEvents.filter(({ ClientRequestToken }) => ClientRequestToken === token);
    for (const { ResourceStatus, PhysicalResourceId, LogicalResourceId, ResourceType, ResourceStatusReason } of own) {
      if (!ResourceStatus?.endsWith('_FAILED') || PhysicalResourceId === stackId) continue;
      const reason = cut(ResourceStatusReason ?? '', 500);
      latestFirst.push({ logicalId: LogicalResourceId ?? '', type: ResourceType ?? '', reason });
    }
    next = NextToken;
    // Older pages are of earlier operations.
    if (!next || own.length < StackEvents.length) break;
  }
  return latestFirst.reverse();
}

/** There is no error of its own for a stack that does not exist. */
function isMissing(thrown: unknown): boolean {
  const name = errorName(thrown);
  return (
    name.startsWith('ChangeSetNotFound') || (name === 'ValidationError' && /does not exist/.test(messageOf(thrown)))
  );
}

/** CloudFormation says in words what is wrong with a template; the words name what to change. */
function refuse(what: string, cause: unknown): never {
  const words = cut(messageOf(cause), 1_000);
  const type = typeOf(errorName(cause), words);
  if (type === undefined) throw cause;
  throw new ActionFailed(type, `${what} was refused: ${words}`, { cause });
}

function typeOf(name: string, words: string): FailureType | undefined {
  switch (name) {
    case 'AccessDenied':
    case 'AccessDeniedException':
      return 'PermissionError';
    case 'InvalidChangeSetStatusException':
    case 'InvalidChangeSetStatus':
      return 'RevisionOutOfSync';
    case 'ValidationError':
      if (/cannot be assumed|is not authorized to perform/.test(words)) return 'PermissionError';
      return /_IN_PROGRESS state/.test(words) ? 'SystemUnavailable' : 'ConfigurationError';
    case 'InsufficientCapabilitiesException':
    case 'InsufficientCapabilities':
    case 'AlreadyExistsException':
    case 'LimitExceededException':
    case 'LimitExceeded':
    case 'NoSuchBucket':
    case 'NotImplemented':
      return 'ConfigurationError';
    default:
      return undefined;
  }
}
