import { openApiGateway } from './apigateway/service.ts';
import { openCloudFormation } from './cloudformation/service.ts';
import { openCodePipeline } from './codepipeline/service.ts';
import { openDynamoDb } from './dynamodb/service.ts';
import { openIam } from './iam/service.ts';
import { openLambda } from './lambda/service.ts';
import { openMonitoring } from './monitoring/service.ts';
import { openS3 } from './s3/service.ts';
import { openScheduler } from './scheduler/service.ts';
import { openSecretsManager } from './secretsmanager/service.ts';
import type { OpenService } from './service-module.ts';
import { openSns } from './sns/service.ts';
import { openSqs } from './sqs/service.ts';
import { openSsm } from './ssm/service.ts';
import { openStates } from './states/service.ts';
import { openSts } from './sts/service.ts';

/**
 * Every service of the local cloud beside EventBridge, which the cloud opens first because the others send it events.
 */
export const services: readonly OpenService[] = [
  openApiGateway,
  openCloudFormation,
  openCodePipeline,
  openDynamoDb,
  openIam,
  openLambda,
  openMonitoring,
  openS3,
  openScheduler,
  openSecretsManager,
  openSns,
  openSqs,
  openSsm,
  openStates,
  openSts,
];
