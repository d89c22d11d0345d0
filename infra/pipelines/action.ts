import { Fn, Stack, Token } from 'aws-cdk-lib';
import type { ActionBindOptions, ActionConfig, Artifact, IStage } from 'aws-cdk-lib/aws-codepipeline';
import { LambdaInvokeAction, type LambdaInvokeActionProps } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import * as z from 'zod/mini';
import type { ActionDeclaration, ActionPermission, ArtifactCount, DeployedWhere } from '../../shared/actions/action.ts';
import { acknowledge, acknowledgeWildcards } from '../constructs/acknowledge.ts';
import { allow } from '../constructs/function.ts';

/** How a pipeline uses one of Slipway's actions. */
export interface PipelineActionProps<Declaration extends ActionDeclaration> {
  /** The action's name in its stage. */
  readonly actionName: string;
  /** The stage's name: the event of a job does not carry it, so it is passed along. */
  readonly stageName: string;
  readonly pipelineName: string;
  /** As the action's schema asks. Values may be tokens or `#{namespace.variable}`. */
  readonly parameters: z.input<Declaration['parameters']>;
  readonly inputs?: Artifact[];
  readonly outputs?: Artifact[];
  readonly runOrder?: number;
  /** Makes the outputs readable as `#{namespace.output}` in later actions. */
  readonly variablesNamespace?: string;
}

/** CodePipeline's limit for one value of an action's configuration. */
const longestUserParameters = 1000;

/**
 * A Lambda action that runs one of Slipway's actions. The parameters are checked against the action's schema at synth as
 * far as they are known then.
 * @throws Error naming the field, if parameters do not fit the schema, artifacts are too few or too many, or
 * UserParameters would be over 1,000 characters
 */
export function pipelineAction<Declaration extends ActionDeclaration>(
  declaration: Declaration,
  lambda: IFunction,
  props: PipelineActionProps<Declaration>,
): LambdaInvokeAction {
  refuse(declaration, props);
  return new SlipwayAction(
    {
      actionName: props.actionName,
      lambda,
      userParameters: userParameters(props),
      ...(props.inputs && { inputs: props.inputs }),
      ...(props.outputs && { outputs: props.outputs }),
      ...(props.runOrder !== undefined && { runOrder: props.runOrder }),
      ...(props.variablesNamespace && { variablesNamespace: props.variablesNamespace }),
    },
    (stack) => permissionsOf(declaration, props, stack),
  );
}

class SlipwayAction extends LambdaInvokeAction {
  readonly #function: IFunction;
  readonly #permissions: (stack: Stack) => readonly ActionPermission[];

  constructor(props: LambdaInvokeActionProps, permissions: (stack: Stack) => readonly ActionPermission[]) {
    super(props);
    this.#function = props.lambda;
    this.#permissions = permissions;
  }

  protected override bound(scope: Construct, stage: IStage, options: ActionBindOptions): ActionConfig {
    acknowledgeWildcards(scope, {
      resources: ['*'],
      because: 'lambda:ListFunctions, which CodePipeline asks of a Lambda action, knows no narrower resource',
    });
    this.#grant(scope);
    return super.bound(scope, stage, options);
  }

  /** In the pipeline's stack: the engine does not know who uses its actions. */
  #grant(scope: Construct): void {
    const permissions = this.#permissions(Stack.of(scope));
    if (permissions.length === 0) return;
    const { role } = this.#function;
    if (!role) {
      throw new Error(
        `action ${this.actionProperties.actionName}: the role of its function is not known here, so it can't be granted what its parameters need; use the function that Slipway makes`,
      );
    }
    const policy = new Policy(scope, 'ActionPermissions', {
      roles: [role],
      statements: permissions.map(({ actions, resources }) => allow([...actions], [...resources])),
    });
    acknowledge(policy, {
      IAM5: 'a part of these names is known when the pipeline runs, or is given by the service',
    });
  }
}

/** What this use of the action needs; what is known only when the pipeline runs widens to `*` in its place. */
function permissionsOf<Declaration extends ActionDeclaration>(
  declaration: Declaration,
  { parameters, pipelineName }: PipelineActionProps<Declaration>,
  { partition, region, account }: Stack,
): readonly ActionPermission[] {
  const read = z.safeParse(declaration.parameters, parameters);
  const where: DeployedWhere = {
    ...{ partition, region, account },
    pipelineArn: `arn:${partition}:codepipeline:${region}:${account}:${pipelineName}`,
    partOf: (arn, index) =>
      Token.isUnresolved(arn) ? Fn.select(index, Fn.split(':', arn)) : (arn.split(':')[index] ?? ''),
  };
  const needed = declaration.permissionsFor?.(read.success ? read.data : parameters, where);
  return (needed ?? []).map(({ actions, resources }) => ({
    actions,
    resources: resources.map((resource) => resource.replaceAll(/#\{[^}]*\}/g, '*')),
  }));
}

function userParameters<Declaration extends ActionDeclaration>(
  props: PipelineActionProps<Declaration>,
): Record<string, unknown> {
  return {
    parameters: props.parameters,
    context: {
      pipelineExecutionId: '#{codepipeline.PipelineExecutionId}',
      pipeline: props.pipelineName,
      stage: props.stageName,
      action: props.actionName,
    },
  };
}

function refuse<Declaration extends ActionDeclaration>(
  declaration: Declaration,
  props: PipelineActionProps<Declaration>,
): void {
  const where = `action ${props.stageName}/${props.actionName} (${declaration.id})`;
  refuseCount(`${where}: input artifacts`, declaration.inputArtifacts, props.inputs ?? []);
  refuseCount(`${where}: output artifacts`, declaration.outputArtifacts, props.outputs ?? []);
  const text = JSON.stringify(userParameters(props));
  if (!Token.isUnresolved(text) && text.length > longestUserParameters) {
    throw new Error(
      `${where}: its parameters make ${text.length} characters of UserParameters, CodePipeline allows ${longestUserParameters}; shorten them`,
    );
  }
  const checked = z.safeParse(declaration.parameters, props.parameters);
  const issue = checked.error?.issues.find(({ path }) => !isKnownLater(valueAt(props.parameters, path)));
  if (issue) throw new Error(`${where}: ${['parameters', ...issue.path].join('.')}: ${issue.message}`);
}

function refuseCount(what: string, { min, max }: ArtifactCount, given: readonly Artifact[]): void {
  if (given.length >= min && given.length <= max) return;
  throw new Error(`${what}: ${given.length} given, allowed are ${min === max ? min : `${min} to ${max}`}`);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** A token is resolved by CloudFormation, a `#{…}` when the pipeline runs; only then can the value be checked. */
function isKnownLater(value: unknown): boolean {
  return Token.isUnresolved(value) || (typeof value === 'string' && value.includes('#{'));
}
