import { Stack, type StackProps } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ActionDeclaration } from '../shared/actions/action.ts';
import { actions } from '../shared/actions/registry.ts';
import { actionBundle } from './bundle.ts';
import type { SlipwayFunction, SlipwayFunctionProps } from './constructs/function.ts';
import type { DataStack } from './data-stack.ts';
import { runActions, waitForWork, type ActionFunctions } from './engine/action-functions.ts';
import { followPipelines } from './engine/following.ts';
import { capitalized, layFoundation, type Foundation } from './engine/foundation.ts';
import { runReleases } from './engine/release-workflow.ts';
import { receiveRequests } from './engine/requests.ts';
import { tellOperators, tellPeople } from './engine/telling.ts';

/** What the engine is built on. */
export interface EngineStackProps extends StackProps {
  readonly data: DataStack;
  /** Where the webhook channel posts what happens; without it the channel is silent. */
  readonly notifyWebhookUrl?: string;
}

/**
 * What runs: requests come in through the API, become events on the bus, start the release workflow; the workflow's
 * functions, the pipelines' actions, and the events that tell how it went.
 */
export class EngineStack extends Stack {
  readonly bus: EventBus;
  readonly #functions: ReadonlyMap<string, SlipwayFunction>;
  readonly #actions: ActionFunctions;

  constructor(scope: Construct, id: string, { data, notifyWebhookUrl, ...props }: EngineStackProps) {
    super(scope, id, { description: 'Slipway: what runs', ...props });
    const foundation = layFoundation(this, data);
    this.bus = foundation.bus;
    this.#functions = foundation.functions;
    receiveRequests(foundation);
    runReleases(foundation);
    const longJobs = waitForWork(foundation);
    followPipelines(foundation, longJobs);
    this.#actions = runActions(foundation, longJobs);
    tellPeople(foundation, { notifyWebhookUrl });
    tellOperators(foundation);
    watchOurselves(foundation);
    this.#keepReferences();
  }

  /** The function that runs one of Slipway's actions. */
  actionFunction(declaration: ActionDeclaration): SlipwayFunction {
    return this.function(actionBundle(declaration.id));
  }

  /** What an action's function is given and may do, here or in a stack of its user's. */
  propsOfAction(action: ActionDeclaration): Omit<SlipwayFunctionProps, 'bundle'> {
    return this.#actions.propsOf(action);
  }

  /** The role of the workflow of long jobs, which calls the functions of actions that wait. */
  get jobWorkflowRole(): IRole {
    return this.#actions.workflowRole;
  }

  /** The function of a bundle, for a service to grant it its pipeline. @throws Error naming the bundles there are */
  function(bundle: string): SlipwayFunction {
    const found = this.#functions.get(bundle);
    if (!found)
      throw new Error(`no function of bundle ${bundle}; there are: ${[...this.#functions.keys()].join(', ')}`);
    return found;
  }

  /**
   * Exports what pipelines refer to, whether or not one does: this stack is deployed before theirs, and CloudFormation removes
   * no export that another stack still imports.
   */
  #keepReferences(): void {
    for (const { functionArn, functionName, ownRole } of actions.map((action) => this.actionFunction(action)))
      for (const value of [functionArn, functionName, ownRole.roleName]) this.exportValue(value);
    this.exportValue(this.function('actions-answer').functionArn);
    const worker = this.function('actions-work');
    for (const value of [worker.functionArn, worker.ownRole.roleName]) this.exportValue(value);
    this.exportValue(this.jobWorkflowRole.roleName);
  }
}

function watchOurselves({ alarms, deadEvents, deadInvocations, functions }: Foundation): void {
  alarms.onDeadLetters('Events', deadEvents);
  alarms.onDeadLetters('Invocations', deadInvocations);
  for (const [bundle, target] of functions) alarms.onFunction(capitalized(bundle), target);
}
