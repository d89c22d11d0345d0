import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import { bundleOwnActionSync } from '../bundling/own-action.ts';
import { OwnAlarms } from '../constructs/alarms.ts';
import { allow, SlipwayFunction } from '../constructs/function.ts';
import type { Slipway } from '../slipway.ts';
import type { PipelineAction } from './action.ts';
import { flatAction, type FlatActionProps } from './action-class.ts';

/** An action of your own. */
export interface ActionFunctionProps<Declaration extends ActionDeclaration> {
  readonly slipway: Slipway;
  /** What `declareAction` made. */
  readonly declaration: Declaration;
  /**
   * The module whose default export is what `implementAction` made: a path from the folder in which the app runs, or
   * `new URL('./license-check.ts', import.meta.url)`. It is bundled at synth, with everything that it imports.
   */
  readonly entry: string | URL;
}

/**
 * The function of an action of your own, in your stack: its bundle, a role with what it needs and nothing more, a log
 * group, alarms on the operations topic, and the engine's function as the one that answers if it dies.
 */
export class ActionFunction<Declaration extends ActionDeclaration> extends Construct {
  readonly function: SlipwayFunction;
  readonly #declaration: Declaration;

  /** @throws Error if the entry is not there, or can't be bundled */
  constructor(scope: Construct, id: string, props: ActionFunctionProps<Declaration>) {
    super(scope, id);
    const { declaration, slipway } = props;
    const { engine, data } = slipway;
    this.#declaration = declaration;
    this.function = new SlipwayFunction(this, 'Function', {
      ...engine.propsOfAction(declaration),
      bundle: `actions-run-${declaration.id}`,
      code: bundled(declaration, props.entry),
    });
    if (declaration.mayWait) {
      // Here and not in the engine, which does not know who has actions of their own.
      new Policy(this, 'LetJobWorkflowCall', {
        roles: [engine.jobWorkflowRole],
        statements: [allow(['lambda:InvokeFunction'], [this.function.functionArn])],
      });
    }
    new OwnAlarms(this, 'Alarms', { topic: data.operationsTopic }).onFunction(declaration.id, this.function);
  }

  /** The action in a pipeline: its place there and its parameters side by side. The parameters are checked at synth. */
  action(props: FlatActionProps<Declaration>): PipelineAction<Declaration> {
    return flatAction(this.#declaration, this.function, props);
  }
}

function bundled(declaration: ActionDeclaration, entry: string | URL): Code {
  const path = resolve(entry instanceof URL ? fileURLToPath(entry) : entry);
  if (!existsSync(path))
    throw new Error(`action ${declaration.id}: there is no file ${path}; name the module that implements it`);
  const { inputArtifacts, outputArtifacts, gateways, mayWait } = declaration;
  const parts = { inputArtifacts, outputArtifacts, gateways, mayWait };
  return Code.fromAsset(dirname(path), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: what is below always bundles.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(outdir) {
          bundleOwnActionSync({ entry: path, parts, outdir });
          return true;
        },
      },
    },
  });
}
