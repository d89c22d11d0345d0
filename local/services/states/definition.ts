import * as z from 'zod';
import { isExpression } from './jsonata.ts';
import type { Json } from '../../json.ts';

/** Any JSON, templates with expressions included. */
const template = z.json() as z.ZodType<Json>;
const expression = z.custom<string>(isExpression, 'must be a JSONata expression: {% … %}');
const stateName = z.string().min(1).max(80);
const seconds = (least: number) => z.union([z.int().min(least).max(99_999_999), expression]);
const assign = z.record(
  z
    .string()
    .regex(/^[\p{L}_$][\p{L}\p{N}_$]{0,79}(\.\$)?$/u, 'must be a variable name')
    .refine((name) => name !== 'states', {
      message: 'the variable name states is reserved',
    }),
  template,
);
const errorNames = z.array(z.string().min(1)).min(1);

const retrier = z.strictObject({
  ErrorEquals: errorNames,
  IntervalSeconds: z.int().min(1).max(99_999_999).optional(),
  MaxAttempts: z.int().min(0).max(99_999_999).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).max(31_622_399).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
  Comment: z.string().optional(),
});

const catcher = z.strictObject({
  ErrorEquals: errorNames,
  Next: stateName,
  Output: template.optional(),
  ResultPath: z.string().nullable().optional(),
  Assign: assign.optional(),
  Comment: z.string().optional(),
});

const common = {
  Comment: z.string().optional(),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  InputPath: z.string().nullable().optional(),
  OutputPath: z.string().nullable().optional(),
};
/** Of states in JSONPath that have a result. */
const results = {
  Parameters: template.optional(),
  ResultSelector: template.optional(),
  ResultPath: z.string().nullable().optional(),
};
const handlers = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };
const transition = { Next: stateName.optional(), End: z.literal(true).optional() };
const outputs = { Output: template.optional(), Assign: assign.optional() };

const task = z.strictObject({
  Type: z.literal('Task'),
  ...common,
  ...transition,
  ...outputs,
  Resource: z.string().min(1),
  Arguments: template.optional(),
  TimeoutSeconds: seconds(1).optional(),
  TimeoutSecondsPath: z.string().optional(),
  HeartbeatSeconds: seconds(1).optional(),
  HeartbeatSecondsPath: z.string().optional(),
  ...results,
  ...handlers,
});

const pass = z.strictObject({
  Type: z.literal('Pass'),
  ...common,
  ...transition,
  ...outputs,
  Parameters: template.optional(),
  Result: template.optional(),
  ResultPath: z.string().nullable().optional(),
});

const choice = z.strictObject({
  Type: z.literal('Choice'),
  ...common,
  ...outputs,
  Choices: z
    .array(
      // The comparisons of a rule in JSONPath are checked one by one.
      z.looseObject({
        Condition: z.union([z.boolean(), expression]).optional(),
        Next: stateName,
        Output: template.optional(),
        Assign: assign.optional(),
        Comment: z.string().optional(),
      }),
    )
    .min(1),
  Default: stateName.optional(),
});

const wait = z.strictObject({
  Type: z.literal('Wait'),
  ...common,
  ...transition,
  ...outputs,
  Seconds: seconds(0).optional(),
  SecondsPath: z.string().optional(),
  Timestamp: z.string().optional(),
  TimestampPath: z.string().optional(),
});

const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common, Output: template.optional() });

const fail = z.strictObject({
  Type: z.literal('Fail'),
  ...common,
  Error: z.string().optional(),
  ErrorPath: z.string().optional(),
  Cause: z.string().optional(),
  CausePath: z.string().optional(),
});

/** States as they stand in a definition, before each is read by the schema of its type. */
const unreadStates = z.record(stateName, z.looseObject({ Type: z.string() }));

const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  ...common,
  ...transition,
  ...outputs,
  ...handlers,
  ...results,
  Arguments: template.optional(),
  Branches: z
    .array(z.strictObject({ StartAt: stateName, States: unreadStates, Comment: z.string().optional() }))
    .min(1),
});

const processor = z.strictObject({
  ProcessorConfig: z.looseObject({ Mode: z.enum(['INLINE', 'DISTRIBUTED']).optional() }).optional(),
  StartAt: stateName,
  States: unreadStates,
  Comment: z.string().optional(),
});

const map = z.strictObject({
  Type: z.literal('Map'),
  ...common,
  ...transition,
  ...outputs,
  ...handlers,
  ...results,
  ItemsPath: z.string().optional(),
  MaxConcurrencyPath: z.string().optional(),
  ToleratedFailureCountPath: z.string().optional(),
  ToleratedFailurePercentagePath: z.string().optional(),
  Items: z.union([z.array(template), expression]).optional(),
  ItemSelector: template.optional(),
  ItemProcessor: processor.optional(),
  Iterator: processor.optional(),
  MaxConcurrency: z.union([z.int().min(0), expression]).optional(),
  ToleratedFailureCount: z.union([z.int().min(0), expression]).optional(),
  ToleratedFailurePercentage: z.union([z.number().min(0).max(100), expression]).optional(),
});

/** The fields of each state type in JSONata (Amazon States Language). */
export const stateSchemas = {
  Task: task,
  Pass: pass,
  Choice: choice,
  Wait: wait,
  Succeed: succeed,
  Fail: fail,
  Parallel: parallel,
  Map: map,
};

/** The fields of a state machine's definition around its states. */
export const machineSchema = z.strictObject({
  Comment: z.string().optional(),
  Version: z.literal('1.0').optional(),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  StartAt: stateName,
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
  States: unreadStates,
});

/** A Task state as checked. */
export type TaskState = z.infer<typeof task>;
/** A Pass state as checked. */
export type PassState = z.infer<typeof pass>;
/** A Choice state as checked. */
export type ChoiceState = z.infer<typeof choice>;
/** A Wait state as checked: exactly one of its two times is there. */
export type WaitState = z.infer<typeof wait>;
/** A Succeed state as checked. */
export type SucceedState = z.infer<typeof succeed>;
/** A Fail state as checked. */
export type FailState = z.infer<typeof fail>;
/** A Parallel state as checked. */
export type ParallelState = Omit<z.infer<typeof parallel>, 'Branches'> & { Branches: StateGroup[] };
/** An inline Map state as checked. */
export type MapState = Omit<z.infer<typeof map>, 'ItemProcessor' | 'Iterator'> & {
  ItemProcessor?: StateGroup;
  /** What ItemProcessor was called once; only in JSONPath. */
  Iterator?: StateGroup;
};
/** One entry of Retry; what is absent has its documented default in retry.ts. */
export type Retrier = z.infer<typeof retrier>;
/** One entry of Catch. */
export type Catcher = z.infer<typeof catcher>;

/** A state that this interpreter runs. */
export type State =
  TaskState | PassState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** Some states with their beginning: a machine, a branch of a Parallel, or the processor of a Map. */
export interface StateGroup {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The states that a Map runs for each item. */
export function processorOf({ ItemProcessor, Iterator }: MapState): StateGroup {
  const group = ItemProcessor ?? Iterator;
  if (!group) throw new Error('a checked Map has an item processor');
  return group;
}

/** The language of a state: its own, else the machine's, else JSONPath. */
export function languageOf(state: State | undefined, machine: string | undefined): 'JSONata' | 'JSONPath' {
  return (state?.QueryLanguage ?? machine) === 'JSONata' ? 'JSONata' : 'JSONPath';
}

/** A checked definition. */
export interface Definition extends StateGroup {
  readonly TimeoutSeconds?: number;
  readonly QueryLanguage?: string | undefined;
}
