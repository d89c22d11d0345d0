import { clockCompatibility } from './clock/compatibility.ts';
import { gatewayCompatibility } from './gateway/compatibility.ts';
import { apiGatewayCompatibility } from './services/apigateway/compatibility.ts';
import { codePipelineCompatibility } from './services/codepipeline/compatibility.ts';
import { dynamoDbCompatibility } from './services/dynamodb/compatibility.ts';
import { eventsCompatibility } from './services/events/compatibility.ts';
import { iamCompatibility } from './services/iam/compatibility.ts';
import { lambdaCompatibility } from './services/lambda/compatibility.ts';
import { cloudWatchCompatibility } from './services/monitoring/compatibility.ts';
import { s3Compatibility } from './services/s3/compatibility.ts';
import { schedulerCompatibility } from './services/scheduler/compatibility.ts';
import { secretsManagerCompatibility } from './services/secretsmanager/compatibility.ts';
import { snsCompatibility } from './services/sns/compatibility/compatibility.ts';
import { sqsCompatibility } from './services/sqs/compatibility.ts';
import { ssmCompatibility } from './services/ssm/compatibility.ts';
import { statesCompatibility } from './services/states/compatibility.ts';
import { stsCompatibility } from './services/sts/compatibility.ts';
import { cloudFormationCompatibility } from './services/cloudformation/compatibility.ts';
import type { Compatibility } from './services/compatibility.ts';

/** What every service says of itself in `docs/compatibility.md`, in the order of the page. */
export const compatibilities: readonly Compatibility[] = [
  apiGatewayCompatibility,
  clockCompatibility,
  cloudFormationCompatibility,
  cloudWatchCompatibility,
  codePipelineCompatibility,
  dynamoDbCompatibility,
  eventsCompatibility,
  gatewayCompatibility,
  iamCompatibility,
  lambdaCompatibility,
  s3Compatibility,
  schedulerCompatibility,
  secretsManagerCompatibility,
  snsCompatibility,
  sqsCompatibility,
  ssmCompatibility,
  statesCompatibility,
  stsCompatibility,
];
