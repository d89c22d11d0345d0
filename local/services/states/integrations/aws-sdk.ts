import { randomUUID } from 'node:crypto';
import { callAws, type ErrorSpelling } from './call-aws.ts';
import type { Integration, TaskResource } from './integration.ts';
import { inputSchema } from './schemas.ts';

/** SDK service names whose spelling in errors, or whose name at the gateway, does not follow from them. */
const services: Readonly<Record<string, { readonly gateway?: string; readonly prefix: string }>> = {
  apigatewayv2: { gateway: 'apigateway', prefix: 'ApiGatewayV2' },
  cloudformation: { prefix: 'CloudFormation' },
  cloudwatch: { gateway: 'monitoring', prefix: 'CloudWatch' },
  cloudwatchlogs: { gateway: 'logs', prefix: 'CloudWatchLogs' },
  codebuild: { prefix: 'CodeBuild' },
  codedeploy: { prefix: 'CodeDeploy' },
  codepipeline: { prefix: 'CodePipeline' },
  dynamodb: { prefix: 'DynamoDb' },
  eventbridge: { gateway: 'events', prefix: 'EventBridge' },
  secretsmanager: { prefix: 'SecretsManager' },
  sfn: { gateway: 'states', prefix: 'Sfn' },
};

/** `aws-sdk:<service>:<action>`: every operation of every service that the gateway knows. */
export const awsSdk: Integration = {
  name: 'aws-sdk',
  patterns: ['request-response', 'waitForTaskToken'],
  matches: (resource) => resource.service.startsWith('aws-sdk:'),
  problem(resource, gateway) {
    const api = gateway.describe(gatewayName(resource));
    if (!api) return 'not supported locally';
    // Actions are camelCase: `getItem`, not `GetItem`.
    return /^[a-z]/.test(resource.action) && inputSchema(api, operationOf(resource)) ? undefined : 'not recognized';
  },
  async call(task) {
    return await callAws(task, {
      service: gatewayName(task.resource),
      operation: operationOf(task.resource),
      arguments: task.arguments,
      spelling: spellingOf(task.resource),
    });
  },
};

function sdkName(resource: TaskResource): string {
  return resource.service.slice('aws-sdk:'.length);
}

function gatewayName(resource: TaskResource): string {
  return services[sdkName(resource)]?.gateway ?? sdkName(resource);
}

function operationOf(resource: TaskResource): string {
  return capitalized(resource.action);
}

/** Names and texts of the SDK for Java 2. */
function spellingOf(resource: TaskResource): ErrorSpelling {
  const prefix = services[sdkName(resource)]?.prefix ?? capitalized(sdkName(resource));
  return {
    prefix,
    unmodelled: `${prefix}Exception`,
    trailer: (error) => `Service: ${prefix}, Status Code: ${error.httpStatus}, Request ID: ${randomUUID()}`,
  };
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
