import { rolePrincipal, servicePrincipal } from '../../gateway/principal.ts';
import type { CloudContext } from '../service-module.ts';
import type { FunctionVersion } from './function-store.ts';

/**
 * The environment of a function's thread: what Lambda sets, the keys of its role, and its own variables. Of the
 * machine's environment it sees PATH only. A function may point one service elsewhere by `AWS_ENDPOINT_URL_<SERVICE>`.
 */
export function functionEnvironment(version: FunctionVersion, context: CloudContext): Record<string, string> {
  const { definition } = version;
  const keys = context.credentials.issue(
    rolePrincipal(
      ...([definition.Role, version.name] as const),
      servicePrincipal('lambda.amazonaws.com', version.functionArn),
    ),
  );
  const logging = definition.LoggingConfig;
  return {
    PATH: process.env['PATH'] ?? '',
    TZ: 'UTC',
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.Runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: version.name,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.MemorySize),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupName(version),
    AWS_LAMBDA_LOG_STREAM_NAME: `${version.lastModifiedAt.slice(0, 10).replaceAll('-', '/')}/[${version.version}]${version.revisionId.replaceAll('-', '')}`,
    ...(logging?.LogFormat === 'JSON' && {
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_LEVEL: logging.ApplicationLogLevel ?? 'INFO',
    }),
    LAMBDA_TASK_ROOT: version.code.folder,
    _HANDLER: definition.Handler,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
    AWS_ENDPOINT_URL: context.endpoint,
    ...definition.Environment?.Variables,
  };
}

/** The log group that the function writes to on AWS. */
export function logGroupName(version: FunctionVersion): string {
  return version.definition.LoggingConfig?.LogGroup ?? `/aws/lambda/${version.name}`;
}
