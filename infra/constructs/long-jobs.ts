import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { OwnAlarms } from './alarms.ts';
import { allow, type MakeFunction, type SlipwayFunction, type SlipwayFunctionProps } from './function.ts';
import { answerJobs, type Grants } from './grants.ts';
import { Machine } from './machine.ts';
import type { DeadLetterQueue } from './queue.ts';
import { DeliveryRule } from './rule.ts';

/** What the waits of long jobs are built on. */
export interface LongJobsProps {
  readonly machineName: string;
  readonly table: Table;
  readonly key: IKey;
  readonly bus: EventBus;
  readonly grants: Grants;
  readonly alarms: OwnAlarms;
  /** Events that could not be delivered. */
  readonly deadLetters: DeadLetterQueue;
  /** Invocations that failed after all retries. */
  readonly deadInvocations: DeadLetterQueue;
  /** Makes one of the engine's functions. */
  readonly makeFunction: MakeFunction;
}

/** Executions and operations that actions start are named behind it, so that the rules hear of no others. */
const startedPrefix = 'slipway-';

/** The workflow in which long jobs wait, and the functions that hear of the end of their work or of their pipeline. */
export class LongJobs extends Construct {
  readonly #props: LongJobsProps;
  readonly #machineArn: string;
  #workflowRole: IRole | undefined;

  constructor(scope: Construct, id: string, props: LongJobsProps) {
    super(scope, id);
    this.#props = props;
    // Written out: the machine calls functions that start the machine.
    this.#machineArn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: props.machineName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.#hearOfWork();
    this.#hearOfPipelines();
    this.#settleBroken();
  }

  /** What a function is given that starts workflows of long jobs. */
  get environment(): Record<string, string> {
    return { SLIPWAY_JOB_MACHINE_ARN: `${this.#machineArn}:live` };
  }

  /** To start workflows of long jobs and to resume them. */
  get permissions(): PolicyStatement[] {
    return [this.#start, this.#resume];
  }

  /** Every workflow of a long job, for who reads whether it runs. */
  get executionsArn(): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${this.#props.machineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** The role of the workflow, for stacks that have functions for it to call. @throws TypeError before there is a workflow */
  get workflowRole(): IRole {
    if (this.#workflowRole) return this.#workflowRole;
    throw new TypeError('the workflow of long jobs is not made yet');
  }

  /** Makes the workflow, which may call these functions. */
  addWorkflow(functions: readonly SlipwayFunction[]): void {
    const { machineName, table, key, alarms } = this.#props;
    const { machine, role } = new Machine(this, 'Job', {
      name: machineName,
      file: 'job.asl.json',
      description: 'One long job, until its work has ended',
      substitutions: { TableName: table.tableName },
      permissions: [
        allow(
          ['lambda:InvokeFunction'],
          functions.map(({ functionArn }) => functionArn),
        ),
        allow(['dynamodb:UpdateItem'], [table.tableArn]),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn]),
        allow(['codepipeline:PutJobSuccessResult'], ['*']),
      ],
    });
    this.#workflowRole = role;
    alarms.onMachine('Job', machine);
  }

  get #start(): PolicyStatement {
    return allow(['states:StartExecution'], [this.#machineArn, `${this.#machineArn}:live`]);
  }

  get #resume(): PolicyStatement {
    return allow(['states:SendTaskSuccess'], [this.#machineArn]);
  }

  #hearOfWork(): void {
    const { makeFunction, grants, bus, deadLetters } = this.#props;
    const resume = makeFunction('actions-resume', 'Has a long job look at its work', this.#resuming(grants));
    const target = { kind: 'function', function: resume } as const;
    new DeliveryRule(this, 'WorkflowEnded', {
      description: 'A workflow that an action has started ended',
      pattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { name: [{ prefix: startedPrefix }], status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      target,
      deadLetters,
    });
    new DeliveryRule(this, 'StackSettled', {
      description: 'An operation on a stack that an action has started ended',
      pattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'client-request-token': [{ prefix: startedPrefix }],
          // COMPLETE or FAILED, whatever it was; CLEANUP_IN_PROGRESS still works.
          'status-details': { status: [{ suffix: '_COMPLETE' }, { suffix: '_FAILED' }] },
        },
      },
      target,
      deadLetters,
    });
    new DeliveryRule(this, 'WorkEnded', {
      bus,
      description: "Somebody says that a long job's work has ended",
      pattern: { detailType: ['job.work-ended'], detail: { key: [{ exists: true }] } },
      target,
      deadLetters,
    });
  }

  #hearOfPipelines(): void {
    const { makeFunction, grants, deadLetters } = this.#props;
    const cancel = makeFunction(
      'actions-cancel',
      'Cancels the work of actions that were given up',
      this.#resuming(grants),
    );
    const target = { kind: 'function', function: cancel } as const;
    const source = ['aws.codepipeline'];
    new DeliveryRule(this, 'ActionAbandoned', {
      description: 'An action was abandoned',
      pattern: { source, detailType: ['CodePipeline Action Execution State Change'], detail: { state: ['ABANDONED'] } },
      target,
      deadLetters,
    });
    new DeliveryRule(this, 'PipelineGaveUp', {
      description: 'A pipeline execution ended without its actions',
      pattern: {
        source,
        detailType: ['CodePipeline Pipeline Execution State Change'],
        detail: { state: ['STOPPED', 'CANCELED', 'SUPERSEDED'] },
      },
      target,
      deadLetters,
    });
  }

  #settleBroken(): void {
    const { makeFunction, grants, table, deadLetters, deadInvocations } = this.#props;
    const settle = makeFunction('actions-settle', 'Fails a long job whose workflow broke, and has its work cancelled', {
      environment: { SLIPWAY_TABLE: table.tableName, ...this.environment },
      permissions: [...grants.useTable, answerJobs, this.#start],
      onFailure: new SqsDestination(deadInvocations),
    });
    new DeliveryRule(this, 'WorkflowBroke', {
      description: 'The workflow of a long job ended without a result',
      pattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.#machineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      target: { kind: 'function', function: settle },
      deadLetters,
    });
  }

  #resuming({ useTable }: Grants): Omit<SlipwayFunctionProps, 'bundle' | 'description'> {
    const { table, deadInvocations } = this.#props;
    return {
      environment: { SLIPWAY_TABLE: table.tableName },
      permissions: [...useTable, this.#resume],
      onFailure: new SqsDestination(deadInvocations),
    };
  }
}
