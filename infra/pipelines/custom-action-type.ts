import { createHash } from 'node:crypto';
import { Names, Stack } from 'aws-cdk-lib';
import { ActionCategory, CfnCustomActionType } from 'aws-cdk-lib/aws-codepipeline';
import { Policy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import type { WorkOrder } from '../../shared/actions/worker/work-order.ts';
import { OwnAlarms } from '../constructs/alarms.ts';
import { allow, type SlipwayFunction } from '../constructs/function.ts';
import { DeadLetterQueue } from '../constructs/queue.ts';
import { DeliveryRule } from '../constructs/rule.ts';
import { EveryFiveMinutes } from '../constructs/schedule.ts';
import type { Slipway } from '../slipway.ts';
import { CustomAction, type CustomActionUse } from './custom-action.ts';
import { settingsOf, type CustomLinks } from './custom-links.ts';
import { kindsOf, propertiesOf } from './custom-properties.ts';

/** An action as a custom action type. */
export interface CustomActionTypeProps<Declaration extends ActionDeclaration> {
  readonly slipway: Slipway;
  readonly declaration: Declaration;
  /** Where the console shows it: `BUILD`, `DEPLOY`, `TEST` or `INVOKE` (the default). */
  readonly category?: ActionCategory;
  /** The function of an action of your own (`ActionFunction.function`); an action that comes with Slipway has one. */
  readonly runner?: SlipwayFunction;
  /**
   * Links that the console shows, as CodePipeline's templates: `{Config:name}` is a required parameter with a property of its
   * own, `{ExternalExecutionId}` the `externalExecutionId` of the action's answers.
   */
  readonly links?: CustomLinks;
}

const categories = [ActionCategory.BUILD, ActionCategory.DEPLOY, ActionCategory.TEST, ActionCategory.INVOKE];

/**
 * Registers an action of the SDK as a custom action type. Its jobs have no function in the pipeline: a worker asks for them
 * when an action has started, and every five minutes for those whose event was lost, and starts the action's function.
 */
export class CustomActionType<Declaration extends ActionDeclaration = ActionDeclaration> extends Construct {
  readonly declaration: Declaration;
  readonly category: ActionCategory;
  readonly provider: string;
  /**
   * Follows the definition and where it stands: CodePipeline changes no type, so another definition is another version, and
   * has each type once in a region, so another installation's or stack's is another one too.
   */
  readonly version: string;
  /** The value of the queryable property: another installation's worker is not given its jobs. */
  readonly installation: string;
  readonly runner: SlipwayFunction;
  readonly resource: CfnCustomActionType;

  /** @throws Error if the category is for no custom action, or a link refers to what is not there */
  constructor(scope: Construct, id: string, props: CustomActionTypeProps<Declaration>) {
    super(scope, id);
    const { slipway, declaration, category = ActionCategory.INVOKE, links = {}, runner } = props;
    if (!categories.includes(category))
      throw new Error(`action ${declaration.id}: category is ${category}, allowed are ${categories.join(', ')}`);
    this.declaration = declaration;
    this.category = category;
    this.provider = providerOf(declaration);
    this.installation = Names.uniqueResourceName(slipway.engine, { maxLength: 20, separator: '-' });
    this.runner = runner ?? slipway.engine.actionFunction(declaration);
    const configurationProperties = [...propertiesOf(declaration)];
    const settings = settingsOf(`action ${declaration.id}`, links, configurationProperties);
    const definition = {
      configurationProperties,
      inputArtifactDetails: countOf(declaration.inputArtifacts),
      outputArtifactDetails: countOf(declaration.outputArtifacts),
      ...(settings && { settings }),
    };
    const place = [this.installation, Names.uniqueResourceName(this, { maxLength: 250 }), this.node.path];
    this.version = hashOf([category, this.provider, definition, place]).slice(0, 9);
    const { provider, version } = this;
    this.resource = new CfnCustomActionType(this, 'Type', { category, provider, version, ...definition });
    this.#work(slipway);
  }

  /** The action in a pipeline. The parameters are checked at synth, as far as they are known then. */
  action(use: CustomActionUse<Declaration>): CustomAction<Declaration> {
    return new CustomAction(this, use);
  }

  #work({ engine, data }: Slipway): void {
    const { category, provider, version, installation, runner } = this;
    const type = { category, provider, version };
    const { functionArn } = runner;
    const input: WorkOrder = { contract: 1, type, installation, functionArn, parameters: kindsOf(this.declaration) };
    const worker = engine.function('actions-work');
    const typeArn = Stack.of(this).formatArn({
      service: 'codepipeline',
      resource: `actiontype:Custom/${category}/${provider}/${version}`,
    });
    // Here and not in the engine, which does not know who has types of their own.
    new Policy(this, 'LetWorkerWork', {
      roles: [worker.ownRole],
      statements: [allow(['codepipeline:PollForJobs'], [typeArn]), allow(['lambda:InvokeFunction'], [functionArn])],
    });
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { encryptionKey: data.key });
    new OwnAlarms(this, 'Alarms', { topic: data.operationsTopic }).onDeadLetters(provider, deadLetters);
    new DeliveryRule(this, 'Started', {
      description: `Slipway: an action of ${provider} has started`,
      pattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Action Execution State Change'],
        detail: {
          state: ['STARTED'],
          type: { owner: ['Custom'], category: [category], provider: [provider], version: [version] },
        },
      },
      target: { kind: 'function', function: worker },
      input,
      deadLetters,
    });
    new EveryFiveMinutes(this, 'Reconcile', {
      description: `Slipway: asks for jobs of ${provider} whose event was lost`,
      function: worker,
      deadLetters,
      input,
    });
  }
}

/** CodePipeline's limit for the name of a provider. */
const longestProvider = 35;

/** One that is too long is cut, and has a hash instead, so that two actions never share one. */
function providerOf({ id }: ActionDeclaration): string {
  const provider = `Slipway-${id}`;
  if (provider.length <= longestProvider) return provider;
  const hash = hashOf(id).slice(0, 8);
  return `${provider.slice(0, longestProvider - hash.length - 1)}-${hash}`;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

function countOf({ min, max }: { readonly min: number; readonly max: number }) {
  return { minimumCount: min, maximumCount: max };
}
