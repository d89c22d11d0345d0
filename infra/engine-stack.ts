import { ArnFormat, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LambdaDestination, SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import type { ActionDeclaration } from '../shared/actions/action.ts';
import { actions } from '../shared/actions/registry.ts';
import { sourceCommands } from '../shared/commands/registry.ts';
import { triggerDeclarations } from '../shared/triggers/registry.ts';
import { actionBundle, triggerBundle } from './bundle.ts';
import { OwnAlarms } from './constructs/alarms.ts';
import { acknowledgeWildcards } from './constructs/acknowledge.ts';
import { Api } from './constructs/api.ts';
import { allow, SlipwayFunction, type SlipwayFunctionProps } from './constructs/function.ts';
import { answerJobs, grantsOf, servicesPrefix, type Grants } from './constructs/grants.ts';
import { LongJobs } from './constructs/long-jobs.ts';
import { Machine } from './constructs/machine.ts';
import { DeadLetterQueue } from './constructs/queue.ts';
import { DeliveryRule } from './constructs/rule.ts';
import { EveryFiveMinutes } from './constructs/schedule.ts';
import type { DataStack } from './data-stack.ts';

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
  /** Functions by bundle, for a service to grant them its pipeline. */
  readonly functions = new Map<string, SlipwayFunction>();
  readonly #data: DataStack;
  readonly #grants: Grants;
  readonly #alarms: OwnAlarms;
  readonly #deadEvents: DeadLetterQueue;
  readonly #deadInvocations: DeadLetterQueue;
  readonly #machineArn: string;
  #longJobs!: LongJobs;

  constructor(scope: Construct, id: string, { data, notifyWebhookUrl, ...props }: EngineStackProps) {
    super(scope, id, { description: 'Slipway: what runs', ...props });
    this.#data = data;
    this.#alarms = new OwnAlarms(this, 'Alarms', { topic: data.operationsTopic });
    this.#deadEvents = this.#deadLetters('Events');
    this.#deadInvocations = this.#deadLetters('Invocations');
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: `${this.stackName}-Bus`,
      description: 'Slipway: everything that happens',
    });
    this.#machineArn = this.formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: this.#machineName,
      arnFormat: colonArn,
    });
    this.#grants = grantsOf(this, { table: data.table, key: data.key, bus: this.bus });

    this.#receiveRequests();
    this.#releaseWorkflow();
    this.#followPipelines();
    this.#runActions();
    this.#tellPeople(notifyWebhookUrl);
    this.#watchOurselves();
    this.#keepReferences();
  }

  /** The function that runs one of Slipway's actions. */
  actionFunction(declaration: ActionDeclaration): SlipwayFunction {
    return this.function(actionBundle(declaration.id));
  }

  /** What an action's function is given and may do, here or in a stack of its user's. */
  propsOfAction(action: ActionDeclaration): Omit<SlipwayFunctionProps, 'bundle'> {
    return {
      description: `Action ${action.id}: ${action.description}`,
      timeout: Duration.seconds(action.timeoutSeconds),
      memoryMegabytes: action.memoryMegabytes,
      environment: { ...this.#table, ...(action.mayWait && this.#longJobs.environment) },
      permissions: [
        ...this.#grants.useTable,
        answerJobs,
        ...(action.mayWait ? this.#longJobs.permissions : []),
        ...action.permissions.map(({ actions: verbs, resources }) => allow([...verbs], [...resources])),
      ],
      // A function, never a queue: the record holds the job's credentials.
      onFailure: new LambdaDestination(this.function('actions-answer')),
      retryAttempts: 1,
      maxEventAge: Duration.minutes(10),
    };
  }

  /** The role of the workflow of long jobs, which calls the functions of actions that wait. */
  get jobWorkflowRole(): IRole {
    return this.#longJobs.workflowRole;
  }

  /** @throws Error naming the bundles there are */
  function(bundle: string): SlipwayFunction {
    const found = this.functions.get(bundle);
    if (!found) throw new Error(`no function of bundle ${bundle}; there are: ${[...this.functions.keys()].join(', ')}`);
    return found;
  }

  get #machineName(): string {
    return `${this.stackName}-Release`;
  }

  #receiveRequests(): void {
    const { apiTokenSecret } = this.#data;
    const authorizer = this.#function('people-authorize', 'Checks the bearer token of an API call', {
      timeout: Duration.seconds(10),
      environment: { SLIPWAY_API_TOKEN_SECRET: apiTokenSecret.secretArn },
      permissions: this.#grants.readSecret(apiTokenSecret),
    });
    const api = new Api(this, 'Api', { authorizer });
    this.#webhooks(api);
    this.#commands(api);
    this.#reading(api);
    new CfnOutput(this, 'ApiUrl', { description: 'The URL of the API', value: api.api.apiEndpoint });
    new CfnOutput(this, 'ApiTokenSecretArn', {
      description: "The secret that holds the API's token",
      value: apiTokenSecret.secretArn,
    });
    new CfnOutput(this, 'TopicArn', { description: 'Release events', value: this.#data.topic.topicArn });
  }

  #commands(api: Api): void {
    const { publish, readServices, readIndex, useTable } = this.#grants;
    const timeout = Duration.seconds(25);
    const releaseVerbs = this.#function('commands-run', "Runs a person's command about releases", {
      timeout,
      environment: { ...this.#table, ...this.#bus, ...this.#services },
      permissions: [...useTable, ...readIndex, ...readServices, ...publish],
    });
    const sourceVerbs = this.#function('commands-run-source', "Runs a person's command about sources", {
      timeout,
      environment: { ...this.#table, ...this.#services },
      permissions: [...useTable, ...readServices, this.#resumeTasks()],
    });
    const runs = (verb: string, handler: SlipwayFunction) =>
      ({ method: HttpMethod.POST, path: `/api/commands/${verb}`, handler, throttle, access: 'bearer' }) as const;
    api.addRoute('RunCommand', runs('{verb}', releaseVerbs));
    // More literal than the route above, so they go before it.
    for (const { verb } of sourceCommands) api.addRoute(`Run${capitalized(verb)}`, runs(verb, sourceVerbs));
  }

  #reading(api: Api): void {
    const { readTable, readIndex } = this.#grants;
    const handler = this.#function('releases-read', 'Lists releases and tells one of them', {
      timeout: Duration.seconds(10),
      environment: this.#table,
      permissions: [...readTable, ...readIndex],
    });
    const reads = { method: HttpMethod.GET, handler, throttle, access: 'bearer' } as const;
    api.addRoute('ListReleases', { ...reads, path: '/api/releases' });
    api.addRoute('GetRelease', { ...reads, path: '/api/releases/{id}' });
  }

  #webhooks(api: Api): void {
    const { publish, readServices, readSecret, readTable } = this.#grants;
    for (const { id, route } of triggerDeclarations) {
      const secret = this.#data.webhookSecret(id);
      const receiver = this.#function(triggerBundle(id), `Receives webhooks of ${id}`, {
        timeout: Duration.seconds(10),
        environment: { ...this.#table, ...this.#bus, ...this.#services, SLIPWAY_WEBHOOK_SECRET: secret.secretArn },
        permissions: [...readTable, ...readServices, ...publish, ...readSecret(secret)],
      });
      const [method = '', path = ''] = route.split(' ');
      api.addRoute(`Receive${capitalized(id)}`, {
        method: httpMethod(method),
        path,
        handler: receiver,
        throttle: { requestsPerSecond: 10, burst: 20 },
        access: 'signature',
      });
      new CfnOutput(this, `${capitalized(id)}SecretArn`, {
        description: `The secret that signs ${id}'s webhooks`,
        value: secret.secretArn,
      });
      this.#alarms.onRoute(`Webhook${capitalized(id)}`, { api: api.api, method, path });
    }
  }

  #releaseWorkflow(): void {
    const { publish, readServices, useTable } = this.#grants;
    const withBus = { ...this.#table, ...this.#bus };
    const tasks = {
      RequestFunctionArn: this.#function(
        'releases-request',
        'Records a request and alone decides whether it is a duplicate',
        {
          environment: this.#table,
          permissions: useTable,
        },
      ),
      PlanFunctionArn: this.#function('releases-plan', 'Plans a release from the facts', {
        environment: { ...withBus, ...this.#services },
        permissions: [...useTable, ...readServices, ...publish],
      }),
      AcquireSlotFunctionArn: this.#function('releases-acquire-slot', "Leases a service's slot, first in, first out", {
        environment: withBus,
        permissions: [...useTable, ...publish],
      }),
      LaunchFunctionArn: this.#function('releases-launch', 'Starts the pipeline and records its execution', {
        environment: { ...withBus, ...this.#services },
        permissions: [...useTable, ...readServices, ...publish, this.#resumeTasks()],
      }),
      FinishFunctionArn: this.#function('releases-finish', 'Records the outcome and frees the slot', {
        environment: withBus,
        permissions: [...useTable, ...publish, this.#resumeTasks()],
      }),
    };
    const arns = Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, task.functionArn]));
    const release = new Machine(this, 'Release', {
      name: this.#machineName,
      file: 'release.asl.json',
      description: 'One release, from its request to its outcome',
      substitutions: { TableName: this.#data.table.tableName, ...arns },
      permissions: [
        allow(['lambda:InvokeFunction'], Object.values(arns)),
        allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [this.#data.table.tableArn]),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], [this.#data.key.keyArn]),
      ],
    });
    new DeliveryRule(this, 'StartRelease', {
      bus: this.bus,
      description: 'Starts the release workflow',
      pattern: { source: ['slipway'], detailType: ['release.requested'] },
      target: { kind: 'machine', machine: release },
      inputPath: '$.detail',
      deadLetters: this.#deadEvents,
    });
    this.#alarms.onMachine('Release', release.machine);
  }

  #followPipelines(): void {
    const { publish, readIndex, useTable } = this.#grants;
    const environment = { ...this.#table, ...this.#bus };
    const permissions = [...useTable, ...publish, this.#resumeTasks()];
    const asynchronous = { onFailure: new SqsDestination(this.#deadInvocations) };
    this.#function('releases-follow', 'Records what a pipeline tells and resumes who waits for it', {
      environment,
      permissions,
      ...asynchronous,
    });
    const settle = this.#function('releases-settle', 'Settles a release whose workflow broke', {
      environment,
      permissions,
      ...asynchronous,
    });
    new DeliveryRule(this, 'WorkflowBroke', {
      description: 'A release workflow ended without settling its release',
      pattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.#machineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      target: { kind: 'function', function: settle },
      deadLetters: this.#deadEvents,
    });
    const executions = this.formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.#machineName}:*`,
      arnFormat: colonArn,
    });
    const reconcile = this.#function(
      'releases-reconcile',
      'Reads the truth of every wait that an event may have missed',
      {
        timeout: Duration.minutes(5),
        environment,
        permissions: [...permissions, ...readIndex, allow(['states:DescribeExecution'], [executions]), answerJobs],
        ...asynchronous,
      },
    );
    acknowledgeWildcards(reconcile.ownRole, {
      resources: [executions],
      because: 'any execution of the release workflow may be the one whose end no event told',
    });
    new EveryFiveMinutes(this, 'Reconcile', {
      description: 'Reads the truth of every wait',
      function: reconcile,
      deadLetters: this.#deadEvents,
    });
  }

  #runActions(): void {
    // No destination of its own: what it is called with holds the job's credentials. Its errors ring an alarm.
    this.#function('actions-answer', 'Answers a job whose function died', {
      environment: this.#table,
      permissions: [...this.#grants.useTable, answerJobs],
    });
    // The custom action types, wherever they are, let it poll for them and start their functions.
    this.#function('actions-work', 'Starts the jobs of custom actions', {
      timeout: Duration.seconds(60),
      environment: this.#table,
      permissions: [
        ...this.#grants.useTable,
        ...this.#grants.readIndex,
        allow(['codepipeline:AcknowledgeJob', 'codepipeline:GetJobDetails'], ['*']),
      ],
      onFailure: new SqsDestination(this.#deadInvocations),
    });
    this.#longJobs = new LongJobs(this, 'LongJobs', {
      machineName: `${this.stackName}-Job`,
      table: this.#data.table,
      key: this.#data.key,
      bus: this.bus,
      grants: this.#grants,
      alarms: this.#alarms,
      deadLetters: this.#deadEvents,
      makeFunction: (...made) => this.#function(...made),
    });
    for (const action of actions) {
      const { description, ...props } = this.propsOfAction(action);
      this.#function(actionBundle(action.id), description, props);
    }
    this.#longJobs.addWorkflow(actions.filter(({ mayWait }) => mayWait).map((action) => this.actionFunction(action)));
  }

  #tellPeople(notifyWebhookUrl: string | undefined): void {
    const notify = this.#function('notifications-notify', 'Tells people, one message a channel', {
      environment: notifyWebhookUrl ? { SLIPWAY_NOTIFY_WEBHOOK_URL: notifyWebhookUrl } : {},
      onFailure: new SqsDestination(this.#deadInvocations),
    });
    new DeliveryRule(this, 'TellPeople', {
      bus: this.bus,
      description: 'Publishes what happens to releases and approvals',
      pattern: {
        source: ['slipway'],
        detailType: [{ prefix: 'release.' }, { prefix: 'approval.' }] as unknown as string[], // the type knows plain strings only
        detail: { releaseId: [{ exists: true }] },
      },
      target: { kind: 'topic', topic: this.#data.topic },
      inputPath: '$.detail',
      deadLetters: this.#deadEvents,
    });
    this.#data.topic.addSubscription(new LambdaSubscription(notify, { deadLetterQueue: this.#deadInvocations }));
  }

  #watchOurselves(): void {
    this.#alarms.onDeadLetters('Events', this.#deadEvents);
    this.#alarms.onDeadLetters('Invocations', this.#deadInvocations);
    for (const [bundle, target] of this.functions) this.#alarms.onFunction(capitalized(bundle), target);
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

  #function(
    bundle: string,
    description: string,
    props: Omit<SlipwayFunctionProps, 'bundle' | 'description'>,
  ): SlipwayFunction {
    const created = new SlipwayFunction(this, capitalized(bundle), { bundle, description, ...props });
    this.functions.set(bundle, created);
    return created;
  }

  #deadLetters(id: string): DeadLetterQueue {
    return new DeadLetterQueue(this, `Dead${id}`, { encryptionKey: this.#data.key });
  }

  #resumeTasks(): PolicyStatement {
    return allow(['states:SendTaskSuccess'], [this.#machineArn]);
  }

  get #table(): Record<string, string> {
    return { SLIPWAY_TABLE: this.#data.table.tableName };
  }

  get #bus(): Record<string, string> {
    return { SLIPWAY_BUS: this.bus.eventBusName };
  }

  get #services(): Record<string, string> {
    return { SLIPWAY_SERVICES_PREFIX: servicesPrefix };
  }
}

/** For the calls of people and their tools. */
const throttle = { requestsPerSecond: 20, burst: 40 };

const colonArn = ArnFormat.COLON_RESOURCE_NAME;

/** `releases-acquire-slot` as a construct id: `ReleasesAcquireSlot`. */
function capitalized(id: string): string {
  return id.replace(/(^|-)([a-z])/g, (_match, _dash: string, letter: string) => letter.toUpperCase());
}

function httpMethod(method: string): HttpMethod {
  const found = Object.values(HttpMethod).find((known) => known === method);
  if (!found)
    throw new Error(`a trigger's route begins with "${method}"; allowed are ${Object.values(HttpMethod).join(', ')}`);
  return found;
}
