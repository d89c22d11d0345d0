import { randomUUID } from 'node:crypto';
import { LocalCloudError } from '../../errors.ts';
import type { Principal } from '../../gateway/principal.ts';
import type { Gateway, UnsignedRoute } from '../../gateway/service.ts';
import type { Json, JsonObject } from '../../json.ts';
import type { Provisioned, ResourceContext, ResourceType } from '../resource.ts';
import { readAnswer } from './answer.ts';
import { openAnswers, type Answers } from './answers.ts';

/** What custom resources need of the cloud. */
export interface CustomResourceSurroundings {
  readonly gateway: Gateway;
  readonly endpoint: string;
  /** Who deploys: CloudFormation calls functions with the rights of whoever called it. */
  readonly principal: Principal;
  report(line: string): void;
  /** Lets the cloud answer requests, if it does not yet: functions run before the first apply has ended. */
  serve(): Promise<void>;
  /** How long an answer may take after its function has ended, in real time; ServiceTimeout says otherwise. */
  readonly patienceMs?: number;
}

/** Custom resources whose function is one of this cloud. */
export interface CustomResources {
  /** Where their functions answer. */
  readonly route: UnsignedRoute;
  /** The resource type of a name: `Custom::…` or `AWS::CloudFormation::CustomResource`. */
  type(name: string): ResourceType;
}

/** On AWS it is an hour. Here somebody waits for the start, and a function that ended without an answer rarely gives one. */
const defaultPatienceMs = 60_000;

type RequestType = 'Create' | 'Update' | 'Delete';

/** What a function is asked to do. */
interface Order {
  readonly requestType: RequestType;
  readonly typeName: string;
  readonly properties: JsonObject;
  readonly context: ResourceContext;
  readonly physicalId?: string;
  readonly before?: JsonObject;
}

/** Opens the custom resources of one cloud. Nothing of them is durable: what was not answered is asked again. */
export function openCustomResources(around: CustomResourceSurroundings): CustomResources {
  const answers = openAnswers(around.endpoint);
  const send = (order: Order): Promise<Provisioned> => ask(order, answers, around);
  return {
    route: answers.route,
    type: (typeName) => ({
      type: typeName,
      namedByAnswer: true,
      create: (properties, context) => send({ requestType: 'Create', typeName, properties, context }),
      update(current, properties, context) {
        const before = context.propertiesBefore ?? {};
        if (before['ServiceToken'] !== properties['ServiceToken']) {
          throw new LocalCloudError('Modifying service token is not allowed.');
        }
        const { physicalId } = current;
        return send({ requestType: 'Update', typeName, properties, context, physicalId, before });
      },
      async delete({ physicalId }, properties, context) {
        try {
          await send({ requestType: 'Delete', typeName, properties, context, physicalId });
        } catch (error) {
          // As on AWS once an update is complete: what cannot be cleaned up stays behind, and the stack goes on.
          const reason = error instanceof Error ? error.message : String(error);
          around.report(`stack ${context.stackName}, ${context.logicalId} (${typeName}) was not deleted: ${reason}`);
        }
      },
    }),
  };
}

async function ask(order: Order, answers: Answers, around: CustomResourceSurroundings): Promise<Provisioned> {
  const functionArn = readServiceToken(order.properties);
  await around.serve();
  const expected = answers.expect();
  const waiting = new AbortController();
  try {
    const event = eventOf(order, functionArn, expected.url);
    const silence = silenceOf(functionArn, event, around, waiting.signal);
    return readAnswer(await Promise.race([expected.text, silence]));
  } finally {
    expected.forget();
    waiting.abort();
  }
}

function readServiceToken(properties: JsonObject): string {
  const token = properties['ServiceToken'];
  if (typeof token === 'string' && /^arn:aws[^:]*:lambda:/.test(token)) return token;
  const got = token === undefined ? 'it is missing' : `it is ${JSON.stringify(token)}`;
  throw new LocalCloudError(`ServiceToken must be the ARN of a Lambda function locally; ${got}`);
}

function eventOf(order: Order, functionArn: string, url: string): JsonObject {
  const { requestType, typeName, context, properties, physicalId, before } = order;
  return {
    RequestType: requestType,
    ServiceToken: functionArn,
    ResponseURL: url,
    StackId: context.stackId,
    RequestId: randomUUID(),
    LogicalResourceId: context.logicalId,
    ...(physicalId !== undefined && { PhysicalResourceId: physicalId }),
    ResourceType: typeName,
    ResourceProperties: asTexts(properties),
    ...(before && { OldResourceProperties: asTexts(before) }),
  };
}

/** CloudFormation sends numbers and booleans as text. */
function asTexts(value: Json): Json {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asTexts(member)]));
}

/** Runs the function, and rejects when no answer can be expected of it any more. */
async function silenceOf(
  functionArn: string,
  event: JsonObject,
  around: CustomResourceSurroundings,
  signal: AbortSignal,
): Promise<never> {
  const input = { FunctionName: functionArn, Payload: Buffer.from(JSON.stringify(event)) };
  // The output of Lambda's Invoke, as far as it is read here.
  const result = (await around.gateway.handle({ service: 'lambda', operation: 'Invoke', input }, around.principal)) as {
    FunctionError?: string;
    Payload?: Uint8Array;
  };
  const name = functionArn.split(':').slice(6).join(':');
  if (result.FunctionError) {
    throw new LocalCloudError(
      `the function ${name} failed before it answered: ${errorOf(result.Payload)}; "slipway logs ${name}" says more`,
    );
  }
  const limitMs = patienceOf(event, around);
  await pass(limitMs, signal);
  throw new LocalCloudError(
    `the function ${name} ended without an answer at its ResponseURL, and none came in ${limitMs / 1000} s ` +
      '(on AWS CloudFormation waits for an hour, or ServiceTimeout)',
  );
}

/** Lambda's own words for what was thrown, without the trace. */
function errorOf(payload: Uint8Array | undefined): string {
  const text = Buffer.from(payload ?? []).toString('utf8');
  try {
    // The runtime's shape of an error; whatever else it is has neither member.
    const { errorType, errorMessage } = JSON.parse(text) as { errorType?: string; errorMessage?: string };
    return `${errorType}: ${errorMessage?.split('\n')[0]}`;
  } catch {
    return text;
  }
}

function patienceOf(event: JsonObject, { patienceMs = defaultPatienceMs }: CustomResourceSurroundings): number {
  // Made by eventOf.
  const { ServiceTimeout: seconds } = event['ResourceProperties'] as JsonObject;
  return seconds === undefined ? patienceMs : Math.min(Number(seconds), 3600) * 1000;
}

function pass(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}
