import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachine,
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  DefinitionBody,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import { allow } from './function.ts';

/** The alias that everything starts. */
const aliasName = 'live';

/** Where a machine's definition lies and what it is given. */
export interface MachineProps {
  /** Fixed, so that functions may be granted the machine that calls them; another name is another machine. */
  readonly name: string;
  /** A file of `state-machines/`, e.g. `release.asl.json`. */
  readonly file: string;
  readonly description: string;
  /** The values of `${…}` in the file. */
  readonly substitutions: Record<string, string>;
  /** Exactly what the states' resources need; a test compares the two. */
  readonly permissions: readonly PolicyStatement[];
}

/**
 * A Standard workflow from a file, behind a version per change and the alias `live`: an execution ends with the
 * definition it began with. Execution data stays out of the log, since it holds task tokens.
 */
export class Machine extends Construct {
  readonly machine: StateMachine;
  /** What callers start: the alias. */
  readonly aliasArn: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      description: `Slipway: ${props.description}`,
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      inlinePolicies: { own: new PolicyDocument({ statements: [...props.permissions] }) },
    });
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: props.name,
      comment: props.description,
      definitionBody: DefinitionBody.fromString(readDefinition(props.file)),
      definitionSubstitutions: props.substitutions,
      role: this.role,
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ALL, includeExecutionData: false },
    });
    acknowledgeWildcards(this.role, {
      resources: ['*'],
      because: 'the delivery of logs and of traces knows no narrower resource',
    });
    this.aliasArn = liveAlias(this, this.machine);
  }

  /** Lets `starter` start the alias and nothing else. */
  allowStart(starter: Role): void {
    starter.addToPrincipalPolicy(allow(['states:StartExecution'], [this.machine.stateMachineArn, this.aliasArn]));
  }
}

function readDefinition(file: string): string {
  // One line: CloudFormation counts every character of a template.
  return JSON.stringify(JSON.parse(readFileSync(join(packageRoot, 'state-machines', file), 'utf8')));
}

function liveAlias(scope: Construct, machine: StateMachine): string {
  const resource = machine.node.defaultChild;
  if (!(resource instanceof CfnStateMachine)) throw new Error('a state machine is made of a CfnStateMachine');
  const version = new CfnStateMachineVersion(scope, 'Version', {
    stateMachineArn: machine.stateMachineArn,
    stateMachineRevisionId: resource.attrStateMachineRevisionId,
  });
  // Executions that are under way still name the version they started with.
  version.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  const alias = new CfnStateMachineAlias(scope, 'Alias', {
    name: aliasName,
    routingConfiguration: [{ stateMachineVersionArn: version.attrArn, weight: 100 }],
  });
  return alias.attrArn;
}
