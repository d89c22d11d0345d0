import * as z from 'zod';
import { notSupportedLocally } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import { invalidParameter } from './function-reference.ts';

/** CloudFormation accepts numbers as text. */
const integer = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const environmentValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const definitionSchema = z.looseObject({
  Handler: z.string().max(128).default('index.handler'),
  Runtime: z.string().default(''),
  Role: z.string(),
  Description: z.string().max(256).optional(),
  /** Seconds. */
  Timeout: integer(1, 900).default(3),
  /** Megabytes. */
  MemorySize: integer(128, 10_240).default(128),
  Environment: z
    .object({ Variables: z.record(z.string().regex(/^[a-zA-Z]\w+$/), environmentValue).optional() })
    .optional(),
  Architectures: z.array(z.enum(['x86_64', 'arm64'])).default(['x86_64']),
  TracingConfig: z.object({ Mode: z.enum(['Active', 'PassThrough']) }).optional(),
  LoggingConfig: z
    .object({
      LogFormat: z.enum(['Text', 'JSON']).optional(),
      ApplicationLogLevel: z.string().optional(),
      SystemLogLevel: z.string().optional(),
      LogGroup: z.string().optional(),
    })
    .optional(),
  EphemeralStorage: z.object({ Size: integer(512, 10_240) }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
  ReservedConcurrentExecutions: integer(0, 1000).optional(),
});

/** The properties of an `AWS::Lambda::Function` that matter when it runs, checked and with Lambda's defaults. */
export type FunctionDefinition = z.output<typeof definitionSchema>;

/** Set by Lambda itself: a function may not bring its own. */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/**
 * Reads the properties of an `AWS::Lambda::Function`; what is not looked at is kept.
 * @throws AwsError `InvalidParameterValueException`, or by name for what does not run locally
 */
export function readFunctionDefinition(properties: JsonObject): FunctionDefinition {
  const read = definitionSchema.safeParse(properties);
  if (!read.success) throw invalidParameter(z.prettifyError(read.error));
  refuseWhatDoesNotRun(read.data);
  checkVariables(read.data.Environment?.Variables ?? {});
  return read.data;
}

function refuseWhatDoesNotRun(definition: FunctionDefinition): void {
  if (definition['PackageType'] === 'Image') throw notSupportedLocally('a Lambda function from a container image');
  if (!definition.Runtime.startsWith('nodejs')) {
    throw notSupportedLocally(`the Lambda runtime ${definition.Runtime || '(none)'} (Node.js runtimes are)`);
  }
  const layers = definition['Layers'];
  if (Array.isArray(layers) && layers.length > 0) throw notSupportedLocally('a Lambda layer');
  const fileSystems = definition['FileSystemConfigs'];
  if (Array.isArray(fileSystems) && fileSystems.length > 0) throw notSupportedLocally('a Lambda file system');
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  if (JSON.stringify(variables).length > 4096) {
    throw invalidParameter(
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        'exceeded the 4KB limit.',
    );
  }
}

/** Whether the function's runtime still takes callbacks: Lambda dropped them with Node.js 24. */
export function takesCallbacks(definition: FunctionDefinition): boolean {
  const major = Number(/^nodejs(\d+)/.exec(definition.Runtime)?.[1] ?? '0');
  return major < 24;
}
