import * as z from 'zod/mini';
import '../../json.ts'; // reasons in English
import { parseJson } from '../../parse-json.ts';
import { hashOfNames } from './parameter-names.ts';
import { repeatedName } from './repeated-name.ts';
import { fail, type Failure } from '../result.ts';

const artifactSchema = z.object({
  name: z.string(),
  location: z.object({ s3Location: z.object({ bucketName: z.string(), objectKey: z.string() }) }),
});

const jobSchema = z.object({
  id: z.string().check(z.minLength(1)),
  accountId: z.optional(z.string()),
  /** Set for a job of a custom action type, which a worker was given: it may wait for a day. */
  isOfWorker: z.optional(z.boolean()),
  data: z.object({
    actionConfiguration: z.object({ configuration: z.record(z.string(), z.string()) }),
    inputArtifacts: z._default(z.array(artifactSchema), []),
    outputArtifacts: z._default(z.array(artifactSchema), []),
    artifactCredentials: z.optional(
      z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.optional(z.string()) }),
    ),
    continuationToken: z.nullish(z.string()),
    encryptionKey: z.nullish(z.object({ id: z.string(), type: z.string() })),
  }),
});

/**
 * The event with which CodePipeline invokes a Lambda action (AWS Lambda developer guide, "CodePipeline"; CodePipeline
 * user guide, "AWS Lambda invoke action"). It holds credentials: it is never logged.
 */
export const jobEventSchema = z.object({ 'CodePipeline.job': jobSchema });

/** One job: one invocation's worth of an action. */
export type Job = z.infer<typeof jobSchema>;

/** Where an artifact lies. */
export type ArtifactLocation = z.infer<typeof artifactSchema>;

/** What the construct passes along, since the event does not carry it. */
const jobContextSchema = z.strictObject({
  pipelineExecutionId: z.string().check(z.minLength(1)),
  pipeline: z.string().check(z.minLength(1)),
  stage: z.string().check(z.minLength(1)),
  action: z.string().check(z.minLength(1)),
});

/** Which action execution a job belongs to. */
export type JobContext = z.infer<typeof jobContextSchema>;

const userParametersSchema = z.strictObject({
  parameters: z.unknown(),
  context: z.optional(jobContextSchema),
  /** How a long job is waited for; without it the job is pushed when its work ends. */
  wait: z.optional(z.enum(['push', 'poll'])),
  /** What names the pipeline has given, where it passes variables. */
  names: z.optional(z.string()),
});

/** What a pipeline passes to an action. */
export interface UserParameters<Parameters> {
  readonly parameters: Parameters;
  readonly context: JobContext | undefined;
  readonly wait: 'push' | 'poll';
}

/** The text that a pipeline passes to an action; undefined if it passes none. */
export function userParametersOf(job: Job): string | undefined {
  return job.data.actionConfiguration.configuration['UserParameters'];
}

/**
 * Reads an action's UserParameters: JSON `{ "parameters": {…}, "context": {…} }`, with what was stored put in. The context is
 * optional, so that a pipeline written by hand can use an action; cancelling and progress then are not tied to its execution.
 * @returns the parameters, or the failure that names the exact field
 */
export function parseUserParameters<Schema extends z.core.$ZodType>(
  text: string | undefined,
  schema: Schema,
): UserParameters<z.output<Schema>> | Failure {
  if (text === undefined) return configurationError('', 'is missing; write {"parameters":{…}}');
  const value = parseJson(text);
  if (value === undefined) return configurationError('', 'is not JSON; write {"parameters":{…}}');
  // What reads it goes down into it, and would come to the end of the stack.
  if (!isNestedAtMost(value, mostLevels)) return configurationError('', `is nested deeper than ${mostLevels} levels`);
  const twice = repeatedName(text);
  if (twice !== undefined) return configurationError('', `has "${twice}" twice; does a variable's text hold quotes?`);
  const outer = userParametersSchema.safeParse(value);
  if (!outer.success) return firstIssue('', outer.error);
  const { names, parameters } = outer.data;
  if (names !== undefined && names !== hashOfNames(parameters))
    return configurationError(
      'parameters',
      "has other names than the pipeline gave; does a variable's text hold quotes?",
    );
  const inner = z.safeParse(schema, parameters);
  if (!inner.success) return firstIssue('parameters', inner.error);
  return { parameters: inner.data, context: outer.data.context, wait: outer.data.wait ?? 'push' };
}

const mostLevels = 100;

function isNestedAtMost(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isNestedAtMost(inner, levels - 1));
}

function firstIssue(prefix: string, error: z.core.$ZodError): Failure {
  const [issue] = error.issues;
  const path = [prefix, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  return configurationError(path, issue?.message ?? 'is not allowed');
}

function configurationError(path: string, problem: string): Failure {
  return fail('ConfigurationError', `UserParameters${path && `.${path}`}: ${problem}`);
}
