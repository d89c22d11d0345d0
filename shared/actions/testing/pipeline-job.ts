import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { parseJson } from '../../parse-json.ts';
import type { TestJobOptions } from './test-job.ts';
import { workOrderSchema, type WorkOrder } from '../worker/work-order.ts';
import { writeUserParameters } from '../worker/worker-job.ts';

/** Which action of a pipeline, and what the pipeline would know when it runs. */
export interface PipelineJobOptions extends Pick<TestJobOptions, 'id' | 'inputs' | 'continuationToken'> {
  readonly stage: string;
  readonly action: string;
  /** Needed if the template has several pipelines. */
  readonly pipeline?: string;
  /** `#{namespace.name}` by its text between the braces; `codepipeline.PipelineExecutionId` has a default. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What `Ref` and `Fn::GetAtt` give, by `LogicalId` or `LogicalId.Attribute`. */
  readonly values?: Readonly<Record<string, string>>;
}

const artifactsSchema = z._default(z.array(z.object({ Name: z.string() })), []);
const pipelineSchema = z.object({
  Name: z.optional(z.unknown()),
  Stages: z.array(
    z.object({
      Name: z.string(),
      Actions: z.array(
        z.object({
          Name: z.string(),
          ActionTypeId: z._default(
            z.object({ Owner: z.string(), Category: z.string(), Provider: z.string(), Version: z.string() }),
            {
              ...{ Owner: 'AWS', Category: 'Invoke', Provider: 'Lambda', Version: '1' },
            },
          ),
          Configuration: z._default(z.record(z.string(), z.unknown()), {}),
          InputArtifacts: artifactsSchema,
          OutputArtifacts: artifactsSchema,
        }),
      ),
    }),
  ),
});
type PipelineAction = z.output<typeof pipelineSchema>['Stages'][number]['Actions'][number];
const ruleSchema = z.object({ Targets: z.array(z.object({ Input: z.optional(z.unknown()) })) });
const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z._default(z.unknown(), {}) })),
});

/**
 * The job that a pipeline of a CloudFormation template would hand to one of its actions, for `actionBench` and
 * `testJobEvent`; for an action of a custom action type, that of its worker. With CDK, the template is `Template.fromStack(stack).toJSON()`.
 * @throws Error naming what the template has not, or a value that only a deployment or a run would know
 */
export function pipelineJob(template: object, options: PipelineJobOptions): TestJobOptions {
  const resources = Object.values(templateSchema.parse(template).Resources);
  const pipelines = resources
    .filter(({ Type }) => Type === 'AWS::CodePipeline::Pipeline')
    .map(({ Properties }) => pipelineSchema.parse(Properties));
  const pipeline = only('pipeline', options.pipeline, pipelines);
  const stage = only('stage', options.stage, pipeline.Stages);
  const action = only('action', options.action, stage.Actions);
  const order = action.ActionTypeId.Owner === 'Custom' ? orderIn(resources, action) : undefined;
  const place = { pipeline: typeof pipeline.Name === 'string' ? pipeline.Name : 'pipeline', stage: stage.Name };
  const userParameters = order ? customParameters(action, { order, place }, options) : passedText(action, options);
  const { id, inputs = {}, continuationToken } = options;
  return {
    ...(id !== undefined && { id }),
    ...(continuationToken !== undefined && { continuationToken }),
    ...(userParameters !== undefined && { userParameters }),
    ...(order && { isOfWorker: true }),
    inputs: Object.fromEntries(action.InputArtifacts.map(({ Name }) => [Name, inputs[Name] ?? {}])),
    outputs: action.OutputArtifacts.map(({ Name }) => Name),
    stored: Object.fromEntries(
      resources
        .filter(({ Type }) => Type === 'AWS::SSM::Parameter')
        .map(({ Properties }) => z.object({ Name: z.unknown(), Value: z.unknown() }).safeParse(Properties))
        .flatMap(({ data }) =>
          typeof data?.Name === 'string' && typeof data.Value === 'string' ? [[data.Name, data.Value] as const] : [],
        ),
    ),
  };
}

function only<Named extends { readonly Name?: unknown }>(
  kind: string,
  name: string | undefined,
  all: readonly Named[],
): Named {
  const [found, ...more] = name === undefined ? all : all.filter(({ Name }) => Name === name);
  if (found && more.length === 0) return found;
  const names = all.map(({ Name }) => (typeof Name === 'string' ? Name : 'one without a name')).join(', ');
  throw new Error(`there is no one ${kind} ${name ?? ''} in the template; it has: ${names || 'none'}`);
}

function passedText({ Configuration: configuration }: PipelineAction, options: PipelineJobOptions): string | undefined {
  const text = resolveText('UserParameters', configuration['UserParameters'], options);
  return text === undefined ? undefined : atRun('UserParameters', text, options);
}

/** What the worker of a custom action type makes of its configuration. */
function customParameters(
  { Name: action, Configuration: configured }: PipelineAction,
  {
    order,
    place,
  }: { readonly order: WorkOrder; readonly place: { readonly pipeline: string; readonly stage: string } },
  options: PipelineJobOptions,
): string {
  const entries = Object.entries(configured).map(([name, value]) => [
    name,
    atRun(name, resolveText(name, value, options) ?? '', options),
  ]);
  const pipelineExecutionId = atRun('context', '#{codepipeline.PipelineExecutionId}', options);
  const configuration = Object.fromEntries(entries);
  return writeUserParameters({ configuration, place: { ...place, pipelineExecutionId, action } }, order);
}

/** With what the rules of the template start the worker. */
function orderIn(resources: readonly { Type: string; Properties: unknown }[], action: PipelineAction): WorkOrder {
  const { Category: category, Provider: provider, Version: version } = action.ActionTypeId;
  const found = resources
    .filter(({ Type }) => Type === 'AWS::Events::Rule')
    .flatMap(({ Properties }) => ruleSchema.safeParse(Properties).data?.Targets ?? [])
    .map(({ Input }) => workOrderSchema.safeParse(parseJson(knownText(Input))).data)
    .find((order) => isDeepStrictEqual(order?.type, { category, provider, version }));
  if (found) return found;
  throw new Error(
    `the template has no custom action type ${category}/${provider}/${version}, of which action ${action.Name} is; give the one in which it is registered`,
  );
}

/** A text without what only a deployment knows. */
function knownText(value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) }).safeParse(value).data?.[
    'Fn::Join'
  ];
  return joined ? joined[1].map(knownText).join(joined[0]) : '';
}

/** What CloudFormation makes of a text. */
function resolveText(member: string, value: unknown, options: PipelineJobOptions): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  const [[intrinsic, argument] = []] = Object.entries(value ?? {});
  if (intrinsic === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1]))
    return argument[1].map((part: unknown) => resolveText(member, part, options) ?? '').join(String(argument[0]));
  const known = { 'AWS::Partition': 'aws', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '123456789012' };
  const name = Array.isArray(argument) ? argument.join('.') : String(argument);
  const given = new Map(Object.entries({ ...known, ...options.values })).get(name);
  if (given !== undefined && (intrinsic === 'Ref' || intrinsic === 'Fn::GetAtt')) return given;
  throw new Error(
    `${member} holds ${JSON.stringify(value)}, which a deployment resolves; give it in values: { "${name}": … }`,
  );
}

/** What CodePipeline makes of a text when the action begins: variables are put in as they are. */
function atRun(member: string, text: string, { variables = {} }: PipelineJobOptions): string {
  const known = new Map(Object.entries({ 'codepipeline.PipelineExecutionId': 'test-execution', ...variables }));
  return text.replaceAll(/#\{([^}]*)\}/g, (_whole, name: string) => {
    const value = known.get(name);
    if (value !== undefined) return value;
    throw new Error(`${member} holds #{${name}}, which a run resolves; give it in variables: { "${name}": … }`);
  });
}
