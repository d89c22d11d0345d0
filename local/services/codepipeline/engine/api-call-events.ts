import { randomUUID } from 'node:crypto';
import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import type { Call } from '../../../gateway/service.ts';
import { servicePrincipal, type Principal } from '../../../gateway/principal.ts';
import type { JsonObject } from '../../../json.ts';
import { userIdOf } from '../../sts/user-id.ts';
import { maskDeclaration } from '../structure/secrets.ts';
import type { Engine } from './engine.ts';

/** What CloudTrail writes in the place of a secret. */
const hidden = 'HIDDEN_DUE_TO_SECURITY_REASONS';

/** A call that changes something. */
export interface TracedCall {
  readonly operation: string;
  readonly input: object;
  readonly call: Call;
}

/**
 * Does what a call asks for and tells of the call as CloudTrail does on the default bus, both in one transaction. A call that
 * fails is not told.
 */
export function traced<Output extends object>(engine: Engine, call: TracedCall, work: () => Output): Output {
  return engine.context.store.transaction(() => {
    const output = work();
    tellApiCall(engine, call, output);
    return output;
  });
}

/** Who calls on a template's behalf. */
export const templateService = 'cloudformation.amazonaws.com';

/** Does what a template asks for, and tells of it as of the call that CloudFormation would make. */
export function tracedForTemplate<Output extends object>(
  engine: Engine,
  operation: string,
  input: object,
  work: () => Output,
): Output {
  const call = { principal: servicePrincipal(templateService), requestId: randomUUID() };
  return traced(engine, { operation, input, call }, work);
}

/** Who made the call, with which parameters; secrets of configurations and the token of an approval are hidden. */
function tellApiCall(engine: Engine, { operation, input, call }: TracedCall, output: object): void {
  const { account, region, clock } = engine.context;
  const eventTime = `${new Date(clock.nowMs()).toISOString().slice(0, 19)}Z`;
  const service = invokedBy(call.principal);
  engine.context.deliverEvent({
    source: 'aws.codepipeline',
    'detail-type': 'AWS API Call via CloudTrail',
    resources: [],
    time: eventTime,
    detail: {
      eventVersion: '1.08',
      userIdentity: userIdentity(call.principal, account),
      eventTime,
      eventSource: 'codepipeline.amazonaws.com',
      eventName: operation,
      awsRegion: region,
      sourceIPAddress: service ?? '127.0.0.1',
      userAgent: service ?? 'local',
      requestParameters: told(engine, input),
      responseElements: Object.keys(output).length > 0 ? told(engine, output) : null,
      requestID: call.requestId,
      eventID: randomUUID(),
      readOnly: false,
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
    },
  });
}

function told(engine: Engine, content: { pipeline?: PipelineDeclaration; token?: string }): JsonObject {
  const { pipeline, token } = content;
  const safe = {
    ...content,
    ...(token !== undefined && { token: hidden }),
    ...(pipeline && { pipeline: maskDeclaration(engine.providers, pipeline, hidden) }),
  };
  return JSON.parse(JSON.stringify(safe)) as JsonObject; // It was an object of plain data.
}

function userIdentity(principal: Principal, account: string): JsonObject {
  switch (principal.kind) {
    case 'service':
      return { type: 'AWSService', invokedBy: principal.service };
    case 'user': {
      const { arn } = principal;
      return { type: 'IAMUser', principalId: userIdOf(principal), arn, accountId: account, userName: nameIn(arn) };
    }
    case 'role': {
      const { arn, roleArn } = principal;
      const service = invokedBy(principal);
      const issuer = { type: 'Role', arn: roleArn, accountId: account, userName: nameIn(roleArn) };
      return {
        type: 'AssumedRole',
        principalId: userIdOf(principal),
        arn,
        accountId: account,
        sessionContext: { sessionIssuer: { ...issuer, principalId: userIdOf(principal).split(':')[0] ?? '' } },
        ...(service !== undefined && { invokedBy: service }),
      };
    }
  }
}

/** The service that calls by itself, or with a role that it has taken on; the code of a function calls for itself. */
function invokedBy(principal: Principal): string | undefined {
  if (principal.kind === 'user') return undefined;
  const service = principal.kind === 'service' ? principal : principal.assumedBy;
  if (service?.kind !== 'service' || service.service === 'lambda.amazonaws.com') return undefined;
  return service.service;
}

function nameIn(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
