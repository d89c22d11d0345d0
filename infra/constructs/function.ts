import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, type IDestination, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { ActionPermission } from '../../shared/actions/action.ts';
import { bundlePath } from '../bundle.ts';
import { acknowledgeWildcards } from './acknowledge.ts';

/** What one of Slipway's functions needs. */
export interface SlipwayFunctionProps {
  /** The bundle's name: `<noun>-<verb>` of its file in `functions/`. */
  readonly bundle: string;
  /** Where the bundle is from; default: Slipway's own. */
  readonly code?: Code;
  readonly description: string;
  readonly environment?: Record<string, string>;
  /** Everything that the function may do beside writing its log and traces. */
  readonly permissions?: readonly PolicyStatement[];
  /** Default 30 s. */
  readonly timeout?: Duration;
  /** Default 512 MB. */
  readonly memoryMegabytes?: number;
  /** Where an asynchronous invocation goes that failed after all retries. */
  readonly onFailure?: IDestination;
  /** How often Lambda retries an asynchronous invocation: 0, 1 or 2 (the default). */
  readonly retryAttempts?: number;
  /** How long Lambda keeps an asynchronous invocation that it cannot deliver; default 6 hours. */
  readonly maxEventAge?: Duration;
}

/** Makes a function where others of its kind are made. */
export type MakeFunction = (
  bundle: string,
  description: string,
  props: Omit<SlipwayFunctionProps, 'bundle' | 'description'>,
) => SlipwayFunction;

/**
 * A Lambda function the way all of Slipway's are: arm64, Node 24, its own role with just what it needs, a log group that
 * forgets after a month, active tracing.
 */
export class SlipwayFunction extends Function {
  /** The function's role, that others may grant more to. */
  readonly ownRole: Role;

  constructor(scope: Construct, id: string, props: SlipwayFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = functionRole(scope, `${id}Role`, logGroup, props);
    super(scope, id, {
      description: props.description,
      code: props.code ?? Code.fromAsset(bundlePath(scope, props.bundle)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes ?? 512,
      timeout: props.timeout ?? Duration.seconds(30),
      tracing: Tracing.ACTIVE,
      role,
      logGroup,
      environment: props.environment ?? {},
      ...(props.onFailure && { onFailure: props.onFailure }),
      ...(props.retryAttempts !== undefined && { retryAttempts: props.retryAttempts }),
      ...(props.maxEventAge && { maxEventAge: props.maxEventAge }),
    });
    this.ownRole = role;
    Tags.of(this).add('slipway:function', props.bundle);
  }

  /** Nobody calls a version or an alias of these functions, so a grant to invoke one names the function alone. */
  override get resourceArnsForGrantInvoke(): string[] {
    return [this.functionArn];
  }
}

function functionRole(scope: Construct, id: string, logGroup: LogGroup, props: SlipwayFunctionProps): Role {
  const role = new Role(scope, id, {
    description: `Slipway: ${props.description}`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      own: new PolicyDocument({
        statements: [
          allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
          ...(props.permissions ?? []),
        ],
      }),
    },
  });
  acknowledgeWildcards(role, {
    resources: ['*'],
    because: 'X-Ray knows no narrower resource, nor do the calls that answer a job of CodePipeline',
  });
  if (props.onFailure instanceof SqsDestination) {
    acknowledgeWildcards(role, {
      actions: ['kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      because: "what CDK grants for sending to an encrypted queue, on the installation's own key alone",
    });
  }
  return role;
}

/** The statement of what an action says that it needs. */
export function allowed({ actions, resources, conditions }: ActionPermission): PolicyStatement {
  return allow([...actions], [...resources], conditions);
}

/** A statement that allows `actions` on `resources`. */
export function allow(actions: string[], resources: string[], conditions?: Record<string, unknown>): PolicyStatement {
  return new PolicyStatement({ effect: Effect.ALLOW, actions, resources, ...(conditions && { conditions }) });
}
