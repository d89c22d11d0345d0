import * as z from 'zod/mini';
import { declareAction, type ActionPermission, type DeployedWhere, type SynthUse } from '../action.ts';
import { followingRules, rulesAtSynth, type ParameterRule } from '../parameter-rules.ts';

/** A role; known only when the pipeline runs if it holds `#{…}`. */
const roleArn = z.string().check(z.regex(/^arn:[a-z0-9-]+:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'));

/** Outputs that every use has. */
const ownOutputs = ['stackId', 'stackName', 'changeCount', 'outputs', 'url', 'expiresAt'] as const;

/** The logical ID of an output, which is a name that CodePipeline takes, too. */
const outputName = z.string().check(
  z.regex(/^[A-Za-z0-9]{1,255}$/, "must be the name of one of the stack's outputs: letters and digits"),
  z.refine((name) => !ownOutputs.some((own) => own === name), 'is one of the action itself; name it otherwise'),
);

interface OfApplied {
  readonly operation: string;
  readonly expiry?: object | undefined;
  readonly outputVariables: readonly string[];
}

/** What only a stack that is applied has. */
const rules: readonly ParameterRule<OfApplied>[] = [
  {
    of: 'expiry',
    reads: ['operation'],
    problem: ({ operation, expiry }) => (operation === 'delete' && expiry ? onlyApplied : undefined),
  },
  {
    of: 'outputVariables',
    reads: ['operation'],
    problem: ({ operation, outputVariables }) =>
      operation === 'delete' && outputVariables.length > 0 ? onlyApplied : undefined,
  },
];
const onlyApplied = 'is for a stack that is applied; leave it out';

const parameters = z
  .strictObject({
    /** `apply` makes the stack or brings it up to date, `delete` removes it. */
    operation: z._default(z.enum(['apply', 'delete']), 'apply'),
    /** E.g. `preview-#{codepipeline.PipelineExecutionId}` for an environment of its own for each release. */
    stackName: z
      .string()
      .check(z.regex(/^[A-Za-z][-A-Za-z0-9]{0,127}$/, 'must be 1 to 128 letters, digits and hyphens, a letter first')),
    /** The role as which CloudFormation makes, changes and deletes the resources. */
    roleArn,
    /** The template's path in the input artifact. */
    templatePath: z._default(z.string().check(z.minLength(1)), 'template.json'),
    /** A file of the artifact with `Parameters` and `Tags`, as CodePipeline's own CloudFormation action reads one. */
    configurationPath: z.optional(z.string().check(z.minLength(1))),
    /** Values of the template's parameters; they go before those of the file. */
    parameters: z._default(z.record(z.string(), z.string()), {}),
    tags: z._default(z.record(z.string(), z.string()), {}),
    capabilities: z._default(z.array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'])), []),
    /** Where a template over 51,200 bytes is put for CloudFormation to read, below `slipway-templates/`. */
    templateBucket: z.optional(z.string().check(z.minLength(3))),
    /** Fails, before anything is touched, if a resource would be replaced or removed. */
    keepResources: z._default(z.boolean(), false),
    /** Deletes the stack when its time is over, counted from the last time it was applied. */
    expiry: z.optional(
      z.strictObject({
        afterHours: z.int().check(z.minimum(1), z.maximum(8760)),
        /** The role as which EventBridge Scheduler deletes the stack; it needs `cloudformation:DeleteStack`. */
        roleArn,
      }),
    ),
    /** The stack's output that is given as the variable `url`. */
    urlOutput: z.optional(z.string().check(z.minLength(1))),
    /** The stack's outputs that are given as variables of their own, each under its name. */
    outputVariables: z._default(z.array(outputName).check(z.maxLength(60)), []),
    /** The action fails when the stack has not settled by then; CloudFormation goes on. */
    timeoutMinutes: z._default(z.int().check(z.minimum(1), z.maximum(1430)), 120),
  })
  .check(followingRules(rules));

const preparing = z.strictObject({
  phase: z.literal('preparing'),
  /** Of the change set and of the request. */
  name: z.string(),
  startedAt: z.iso.datetime(),
});

const operating = z.strictObject({
  ...preparing.shape,
  phase: z.literal('operating'),
  operation: z.enum(['create', 'update', 'delete']),
  stackId: z.string(),
  changeCount: z.int(),
});

/** How far the stack is. */
const provisionState = z.discriminatedUnion('phase', [preparing, operating]);

/** What a pipeline asks for. */
export type ProvisionParameters = z.output<typeof parameters>;

/** The stack is being worked on. */
export type Operating = z.output<typeof operating>;

/**
 * The deletions of stacks whose time is over have a token that begins so, by which their events are known. Not as those of an
 * action's own operations begin, of which a job hears.
 */
export const expiryTokenPrefix = 'expired-by-slipway-';

/** Makes, updates and deletes a CloudFormation stack. */
export const provisionResources = declareAction({
  id: 'provision-resources',
  description: 'Makes, updates or deletes a CloudFormation stack by change set, for good or for a time.',
  parameters,
  state: provisionState,
  outputs: [...ownOutputs, '*'],
  outputsFor: ({ outputVariables }: ProvisionParameters): readonly string[] => outputVariables,
  inputArtifacts: { min: 0, max: 1 },
  gateways: ['schedules', 'stacks'],
  permissionsFor: neededFor,
  problemsOf: problemsAtSynth,
  isIdempotent: true,
  mayWait: true,
  timeoutSeconds: 120,
});

function problemsAtSynth(parameters: ProvisionParameters, use: SynthUse): readonly string[] {
  const isMissing = parameters.operation === 'apply' && use.inputs.length === 0;
  return [
    ...rulesAtSynth(rules)(parameters, use),
    ...(isMissing ? ['operation apply reads its template from an artifact; set input to the one that holds it'] : []),
  ];
}

type Place = Pick<DeployedWhere, 'partition' | 'region' | 'account'>;

/** What each operation asks of CloudFormation; to apply deletes stacks, too: those that were never made. */
const callsOf: Readonly<Record<ProvisionParameters['operation'], readonly string[]>> = {
  apply: ['CreateChangeSet', 'DescribeChangeSet', 'ExecuteChangeSet', 'DeleteChangeSet', 'DeleteStack'],
  delete: ['DeleteStack'],
};
const reads = ['DescribeStacks', 'DescribeStackEvents'];

function neededFor(parameters: ProvisionParameters, place: Place): ActionPermission[] {
  const { operation, stackName, roleArn: stackRole } = parameters;
  const { partition, region, account } = place;
  // Known later, it may be either.
  const calls = callsOf[operation] ?? callsOf.apply;
  return [
    {
      actions: [...calls, ...reads].map((call) => `cloudformation:${call}`),
      resources: [`arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/*`],
    },
    passing(stackRole, 'cloudformation'),
    ...(operation === 'delete' ? [] : neededToApply(parameters, place)),
  ];
}

function neededToApply({ expiry, templateBucket }: ProvisionParameters, place: Place): ActionPermission[] {
  return [
    ...(expiry ? [passing(expiry.roleArn, 'scheduler'), scheduling(place)] : []),
    ...(templateBucket === undefined
      ? []
      : [
          {
            actions: ['s3:PutObject', 's3:GetObject'],
            resources: [`arn:${place.partition}:s3:::${templateBucket}/slipway-templates/*`],
          },
        ]),
  ];
}

/** A role may be handed to the one service that it is for. */
function passing(role: string, service: string): ActionPermission {
  const conditions = { StringEquals: { 'iam:PassedToService': `${service}.amazonaws.com` } };
  return { actions: ['iam:PassRole'], resources: [role], conditions };
}

function scheduling({ partition, region, account }: Place): ActionPermission {
  return {
    actions: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'],
    resources: [`arn:${partition}:scheduler:${region}:${account}:schedule/default/slipway-expire-*`],
  };
}
