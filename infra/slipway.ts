import { Stack, type Environment } from 'aws-cdk-lib';
import type { IPipeline } from 'aws-cdk-lib/aws-codepipeline';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { ActionDeclaration } from '../shared/actions/action.ts';
import { serviceNameSchema } from '../shared/events/event.ts';
import { acknowledgeWildcards } from './constructs/acknowledge.ts';
import { allow } from './constructs/function.ts';
import { servicesPrefix } from './constructs/grants.ts';
import { OwnAlarms } from './constructs/alarms.ts';
import { DeadLetterQueue } from './constructs/queue.ts';
import { DeliveryRule } from './constructs/rule.ts';
import { NightlyRelease } from './constructs/schedule.ts';
import { DataStack } from './data-stack.ts';
import { EngineStack } from './engine-stack.ts';
import { PipelineAction, type PipelineActionProps } from './pipelines/action.ts';

/** How an installation of Slipway is set up. */
export interface SlipwayProps {
  readonly env?: Environment;
  /** Where the webhook channel posts what happens to releases; without it the channel is silent. */
  readonly notifyWebhookUrl?: string;
}

/** A service: what is released, by which pipeline, from where, to where. */
export interface ServiceProps {
  readonly pipeline: IPipeline;
  readonly source: ServiceSource;
  readonly environments: readonly { readonly name: string; readonly url?: string }[];
  /** Asks for a release by the clock. */
  readonly nightly?: { readonly expression: string; readonly timeZone?: string };
}

/** Where a service's source lies: versions of one object, and the repository whose pushes ask for a release. */
export interface ServiceSource {
  readonly bucket: IBucket;
  readonly key: string;
  /** The name of the pipeline's source action. */
  readonly action: string;
  readonly github?: { readonly repository: string; readonly branch: string };
}

/** An installation of Slipway: the two stacks, and the services it releases. */
export class Slipway {
  readonly data: DataStack;
  readonly engine: EngineStack;

  constructor(scope: Construct, id: string, { env, ...props }: SlipwayProps = {}) {
    this.data = new DataStack(scope, `${id}-Data`, { ...(env && { env }) });
    this.engine = new EngineStack(scope, `${id}-Engine`, { data: this.data, ...(env && { env }), ...props });
  }

  /** One of Slipway's actions as an action of a pipeline, with its parameters checked at synth. */
  action<Declaration extends ActionDeclaration>(
    declaration: Declaration,
    props: PipelineActionProps<Declaration>,
  ): PipelineAction<Declaration> {
    return new PipelineAction(declaration, this.engine.actionFunction(declaration), props);
  }

  /**
   * Declares a service, in the pipeline's own stack: its SSM parameter, what Slipway may do to this pipeline and this
   * source, the rule that follows the pipeline, and the nightly schedule if asked for.
   * @throws Error if the name does not fit
   */
  service(name: string, props: ServiceProps): void {
    const checked = serviceNameSchema.safeParse(name);
    if (!checked.success)
      throw new Error(`service name "${name}": ${checked.error.issues[0]?.message ?? 'not allowed'}`);
    new Service(Stack.of(props.pipeline), `Service-${name}`, { ...props, name, slipway: this });
  }
}

class Service extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: ServiceProps & { readonly name: string; readonly slipway: Slipway },
  ) {
    super(scope, id);
    const { engine, data } = props.slipway;
    this.#declare(props);
    this.#grant(engine, props);
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { encryptionKey: data.key });
    new DeliveryRule(this, 'FollowPipeline', {
      description: `Slipway: what happens in the pipeline of ${props.name}`,
      pattern: {
        source: ['aws.codepipeline'],
        detailType: ['Pipeline', 'Stage', 'Action'].map((kind) => `CodePipeline ${kind} Execution State Change`),
        resources: [props.pipeline.pipelineArn],
      },
      target: { kind: 'function', function: engine.function('releases-follow') },
      deadLetters,
    });
    new OwnAlarms(this, 'Alarms', { topic: data.operationsTopic }).onDeadLetters(props.name, deadLetters);
    if (props.nightly)
      new NightlyRelease(this, 'Nightly', { service: props.name, bus: engine.bus, deadLetters, ...props.nightly });
  }

  #declare({ name, pipeline, source, environments }: ServiceProps & { readonly name: string }): void {
    new StringParameter(this, 'Declaration', {
      parameterName: `${servicesPrefix}${name}`,
      description: `Slipway: service ${name}`,
      stringValue: Stack.of(this).toJsonString({
        contract: 1,
        name,
        pipeline: { arn: pipeline.pipelineArn },
        source: {
          bucket: source.bucket.bucketName,
          key: source.key,
          action: source.action,
          ...(source.github && { github: source.github }),
        },
        environments,
      }),
    });
  }

  /** A policy in the service's stack: the engine does not know its services, so the services grant themselves. */
  #grant(engine: EngineStack, { pipeline, source }: ServiceProps): void {
    const arn = pipeline.pipelineArn;
    const { encryptionKey } = source.bucket;
    const object = source.bucket.arnForObjects(source.key);
    const read = allow(['codepipeline:GetPipelineExecution'], [arn]);
    const statements = {
      'releases-launch': [allow(['codepipeline:StartPipelineExecution'], [arn])],
      'releases-finish': [read],
      'releases-follow': [read],
      'releases-reconcile': [read],
      'commands-run': [
        allow(['codepipeline:GetPipelineState'], [arn]),
        allow(['codepipeline:PutApprovalResult'], [`${arn}/*`]),
      ],
      'commands-run-source': [
        allow(['s3:PutObject', 's3:GetObject', 's3:GetObjectVersion'], [object]),
        // Without it S3 answers 403 for a version that is not there, as if the role were at fault.
        allow(['s3:ListBucket'], [source.bucket.bucketArn]),
        ...(encryptionKey ? [allow(['kms:GenerateDataKey', 'kms:Decrypt'], [encryptionKey.keyArn])] : []),
      ],
    };
    for (const [bundle, granted] of Object.entries(statements)) {
      new Policy(this, `Allow-${bundle}`, { roles: [engine.function(bundle).ownRole], statements: granted });
    }
    acknowledgeWildcards(this.node.findChild('Allow-commands-run'), {
      resources: [`${arn}/*`],
      because: 'an approval may stand in any stage of this one pipeline',
    });
  }
}
