import { Stack } from 'aws-cdk-lib';
import {
  Action,
  CfnPipeline,
  type ActionBindOptions,
  type ActionCategory,
  type ActionConfig,
  type ActionProperties,
  type IStage,
} from 'aws-cdk-lib/aws-codepipeline';
import { Policy } from 'aws-cdk-lib/aws-iam';
import type { Construct, IConstruct } from 'constructs';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import { installationProperty } from '../../shared/actions/worker/work-order.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { allow, allowed, type SlipwayFunction } from '../constructs/function.ts';
import type { PipelineActionProps } from './action.ts';
import { checkOutput, checkUse } from './check-use.ts';
import { passProperties } from './custom-properties.ts';
import { neededPermissions } from './needed-permissions.ts';

/** How a pipeline uses a custom action: CodePipeline tells its worker the stage and the pipeline. */
export type CustomActionUse<Declaration extends ActionDeclaration> = Omit<
  PipelineActionProps<Declaration>,
  'stageName' | 'pipelineName' | 'wait'
>;

/** A custom action type, as far as its actions know it. */
export interface RegisteredType<Declaration extends ActionDeclaration> {
  readonly declaration: Declaration;
  readonly category: ActionCategory;
  readonly provider: string;
  readonly version: string;
  /** The value of the queryable property. */
  readonly installation: string;
  /** The function that runs the action. */
  readonly runner: SlipwayFunction;
  readonly resource: IConstruct;
}

/** An action of a pipeline whose owner is Custom; `CustomActionType.action` makes it. */
export class CustomAction<Declaration extends ActionDeclaration> extends Action {
  protected readonly providedActionProperties: ActionProperties;
  readonly #type: RegisteredType<Declaration>;
  readonly #use: CustomActionUse<Declaration>;

  /** @throws Error naming the field, if parameters do not fit the schema, or artifacts are too few or too many */
  constructor(type: RegisteredType<Declaration>, use: CustomActionUse<Declaration>) {
    super();
    const { declaration, category, provider, version } = type;
    const { actionName, inputs, outputs, runOrder, variablesNamespace } = use;
    checkUse(`action ${actionName} (${declaration.id})`, declaration, use);
    this.#type = type;
    this.#use = use;
    this.providedActionProperties = {
      ...{ actionName, category, provider, version, owner: 'Custom' },
      artifactBounds: {
        minInputs: declaration.inputArtifacts.min,
        maxInputs: declaration.inputArtifacts.max,
        minOutputs: declaration.outputArtifacts.min,
        maxOutputs: declaration.outputArtifacts.max,
      },
      ...(inputs && { inputs }),
      ...(outputs && { outputs }),
      ...(runOrder !== undefined && { runOrder }),
      ...(variablesNamespace && { variablesNamespace }),
    };
  }

  /**
   * `#{namespace.output}` of one of the action's outputs, for the configuration of a later action.
   * @throws Error naming the outputs there are
   */
  variable(output: Declaration['outputs'][number]): string {
    checkOutput(this.#type.declaration, output, this.#use.parameters);
    return this.variableExpression(output);
  }

  protected override bound(scope: Construct, stage: IStage, _options: ActionBindOptions): ActionConfig {
    const { declaration, installation, resource, runner } = this.#type;
    const { actionName, parameters } = this.#use;
    // The pipeline is refused before its type is there.
    stage.pipeline.node.addDependency(resource);
    this.#grant(scope, stage);
    const where = `action ${stage.stageName}/${actionName} (${declaration.id})`;
    const passed = passProperties(scope, where, { declaration, parameters });
    if (passed.stored) {
      const read = allow(['ssm:GetParameter'], [passed.stored.parameterArn]);
      new Policy(scope, 'ReadParameters', { roles: [runner.ownRole], statements: [read] });
    }
    return { configuration: { ...passed.configuration, [installationProperty]: installation } };
  }

  #grant(scope: Construct, stage: IStage): void {
    const { declaration, runner } = this.#type;
    const { parameters } = this.#use;
    const permissions = neededPermissions(scope, declaration, { parameters, pipelineName: this.#pipelineName(stage) });
    if (permissions.length === 0) return;
    const policy = new Policy(scope, 'ActionPermissions', {
      roles: [runner.ownRole],
      statements: permissions.map((permission) => allowed(permission)),
    });
    acknowledge(policy, {
      IAM5: 'a part of these names is known when the pipeline runs, or is given by the service',
    });
  }

  /** Only for what an action may do to its own pipeline; one that is named when it is deployed is any. */
  #pipelineName({ pipeline }: IStage): string {
    const resource = pipeline.node.defaultChild;
    const name = resource instanceof CfnPipeline ? resource.name : undefined;
    return name !== undefined && Stack.of(pipeline).resolve(name) !== undefined ? name : '*';
  }
}
