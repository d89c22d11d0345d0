import { Stack } from 'aws-cdk-lib';
import {
  CfnPipeline,
  type ActionBindOptions,
  type ActionConfig,
  type Artifact,
  type IStage,
} from 'aws-cdk-lib/aws-codepipeline';
import { LambdaInvokeAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Policy, type IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type * as z from 'zod/mini';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import { acknowledge, acknowledgeWildcards } from '../constructs/acknowledge.ts';
import { allow, allowed } from '../constructs/function.ts';
import { checkOutput, checkUse } from './check-use.ts';
import { neededPermissions } from './needed-permissions.ts';
import { passParameters } from './user-parameters.ts';

/** How a pipeline uses an action. */
export interface PipelineActionProps<Declaration extends ActionDeclaration> {
  /** The action's name in its stage. */
  readonly actionName: string;
  /** Only to say what is meant: the stage that the action is put into is known, and must have this name. */
  readonly stageName?: string;
  /** Needed for a pipeline without a name of its own, which gets one when it is deployed. */
  readonly pipelineName?: string;
  /** As the action's schema asks. Values may be tokens or `#{namespace.variable}`. */
  readonly parameters: z.input<Declaration['parameters']>;
  readonly inputs?: Artifact[];
  readonly outputs?: Artifact[];
  readonly runOrder?: number;
  /** Makes the outputs readable as `#{namespace.output}` in later actions; `action.variable('output')` names one. */
  readonly variablesNamespace?: string;
  /** How a long job waits: `push` (the default) ends with the work, `poll` by CodePipeline's continuations. */
  readonly wait?: 'push' | 'poll';
}

/**
 * A Lambda action of a pipeline that runs an action of Slipway's SDK. The parameters are checked against the action's
 * schema as far as they are known at synth; where the action is put tells the names of its stage and pipeline, which are
 * passed along because the event of a job does not carry them; the function is granted what this use needs.
 */
export class PipelineAction<Declaration extends ActionDeclaration = ActionDeclaration> extends LambdaInvokeAction {
  readonly #declaration: Declaration;
  readonly #function: IFunction;
  readonly #use: PipelineActionProps<Declaration>;

  /** @throws Error naming the field, if parameters do not fit the schema, or artifacts are too few or too many */
  constructor(declaration: Declaration, lambda: IFunction, use: PipelineActionProps<Declaration>) {
    const { actionName, stageName, inputs, outputs, runOrder, variablesNamespace } = use;
    checkUse(`action ${stageName ? `${stageName}/` : ''}${actionName} (${declaration.id})`, declaration, use);
    super({
      actionName,
      lambda,
      ...(inputs && { inputs }),
      ...(outputs && { outputs }),
      ...(runOrder !== undefined && { runOrder }),
      ...(variablesNamespace && { variablesNamespace }),
    });
    this.#declaration = declaration;
    this.#function = lambda;
    this.#use = use;
  }

  /**
   * `#{namespace.output}` of one of the action's outputs, for the configuration of a later action.
   * @throws Error naming the outputs there are
   */
  override variable(output: Declaration['outputs'][number]): string {
    checkOutput(this.#declaration, output, this.#use.parameters);
    return super.variable(output);
  }

  protected override bound(scope: Construct, stage: IStage, options: ActionBindOptions): ActionConfig {
    acknowledgeWildcards(scope, {
      resources: ['*'],
      because: 'lambda:ListFunctions, which CodePipeline asks of a Lambda action, knows no narrower resource',
    });
    const { actionName, parameters, wait } = this.#use;
    const where = `action ${stage.stageName}/${actionName} (${this.#declaration.id})`;
    const pipelineName = this.#pipelineName(scope, stage, where);
    const passed = passParameters(scope, where, {
      parameters,
      context: {
        pipelineExecutionId: '#{codepipeline.PipelineExecutionId}',
        pipeline: pipelineName,
        stage: stage.stageName,
        action: actionName,
      },
      ...(wait && { wait }),
    });
    this.#grant(scope, where, pipelineName);
    if (passed.stored) {
      const read = allow(['ssm:GetParameter'], [passed.stored.parameterArn]);
      new Policy(scope, 'ReadParameters', { roles: [this.#role(where)], statements: [read] });
    }
    const bound = super.bound(scope, stage, options);
    return { ...bound, configuration: { ...bound.configuration, UserParameters: passed.text } };
  }

  #pipelineName(scope: Construct, stage: IStage, where: string): string {
    const { stageName, pipelineName } = this.#use;
    if (stageName !== undefined && stageName !== stage.stageName) {
      throw new Error(`${where}: stageName is "${stageName}", but its stage is "${stage.stageName}"; leave it out`);
    }
    // The L2's own `pipelineName` refers to the resource, which must not refer to itself.
    const resource = stage.pipeline.node.defaultChild;
    const given = resource instanceof CfnPipeline ? resource.name : undefined;
    const isNamed = given !== undefined && Stack.of(scope).resolve(given) !== undefined;
    if (isNamed && pipelineName !== undefined && given !== pipelineName)
      throw new Error(`${where}: pipelineName is "${pipelineName}", but its pipeline is "${given}"; leave it out`);
    const name = isNamed ? given : pipelineName;
    if (name !== undefined) return name;
    throw new Error(
      `${where}: its pipeline has no name at synth, which every job is told with its action; set pipelineName of the Pipeline`,
    );
  }

  /** In the pipeline's stack: the engine does not know who uses its actions. */
  #grant(scope: Construct, where: string, pipelineName: string): void {
    const { parameters } = this.#use;
    const permissions = neededPermissions(scope, this.#declaration, { parameters, pipelineName });
    if (permissions.length === 0) return;
    const policy = new Policy(scope, 'ActionPermissions', {
      roles: [this.#role(where)],
      statements: permissions.map((permission) => allowed(permission)),
    });
    acknowledge(policy, {
      IAM5: 'a part of these names is known when the pipeline runs, or is given by the service',
    });
  }

  #role(where: string): IRole {
    const { role } = this.#function;
    if (role) return role;
    throw new Error(
      `${where}: the role of its function is not known here, so it can't be granted what its parameters need; use the function that Slipway makes`,
    );
  }
}

/** The same, for a function that is known by other means. */
export function pipelineAction<Declaration extends ActionDeclaration>(
  declaration: Declaration,
  lambda: IFunction,
  props: PipelineActionProps<Declaration>,
): PipelineAction<Declaration> {
  return new PipelineAction(declaration, lambda, props);
}
