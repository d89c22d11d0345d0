import type { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type * as z from 'zod/mini';
import type { ActionDeclaration } from '../../shared/actions/action.ts';
import type { Slipway } from '../slipway.ts';
import { PipelineAction, type PipelineActionProps } from './action.ts';
import { memberNamesOf } from './schema-members.ts';

/** Where an action stands in its pipeline, beside its parameters. */
export interface ActionPlace {
  /** The action's name in its stage. */
  readonly actionName: string;
  /** The artifact that it reads; `inputs` names further ones. */
  readonly input?: Artifact;
  readonly inputs?: readonly Artifact[];
  /** The artifact that it makes; `outputs` names further ones. */
  readonly output?: Artifact;
  readonly outputs?: readonly Artifact[];
  readonly runOrder?: number;
  /** Makes the outputs readable as `#{namespace.output}` in later actions; `action.variable('output')` names one. */
  readonly variablesNamespace?: string;
  /** Needed for a pipeline without a name of its own. */
  readonly pipelineName?: string;
  /** How a long job waits: `push` (the default) ends with the work, `poll` by CodePipeline's continuations. */
  readonly wait?: 'push' | 'poll';
}

type KeyOfEach<Union> = Union extends unknown ? keyof Union : never;

/** An action's place and its parameters side by side; of two with one name, the parameter is meant. */
export type FlatActionProps<Declaration extends ActionDeclaration> = Omit<
  ActionPlace,
  KeyOfEach<z.input<Declaration['parameters']>>
> &
  z.input<Declaration['parameters']>;

/** A class whose instances are one action in pipelines. */
export type ActionClass<Declaration extends ActionDeclaration> = new (
  props: FlatActionProps<Declaration> & { readonly slipway: Slipway },
) => PipelineAction<Declaration>;

/** The class for pipelines of an action that comes with Slipway: `new SmokeTestAction({ slipway, actionName, url })`. */
export function actionClass<Declaration extends ActionDeclaration>(declaration: Declaration): ActionClass<Declaration> {
  return class extends PipelineAction<Declaration> {
    constructor({ slipway, ...props }: FlatActionProps<Declaration> & { readonly slipway: Slipway }) {
      // What is left is the flat props: `slipway` is no parameter of any action.
      const flat = props as unknown as FlatActionProps<Declaration>;
      super(declaration, slipway.engine.actionFunction(declaration), fromFlat(declaration, flat));
    }
  };
}

/** One action in a pipeline, run by a function that is made elsewhere. */
export function flatAction<Declaration extends ActionDeclaration>(
  declaration: Declaration,
  lambda: IFunction,
  props: FlatActionProps<Declaration>,
): PipelineAction<Declaration> {
  return new PipelineAction(declaration, lambda, fromFlat(declaration, props));
}

const placeNames: Readonly<Record<keyof ActionPlace, true>> = {
  actionName: true,
  input: true,
  inputs: true,
  output: true,
  outputs: true,
  runOrder: true,
  variablesNamespace: true,
  pipelineName: true,
  wait: true,
};

function fromFlat<Declaration extends ActionDeclaration>(
  declaration: Declaration,
  props: FlatActionProps<Declaration>,
): PipelineActionProps<Declaration> {
  const parameterNames = memberNamesOf(declaration.parameters);
  const isPlace = (name: string): boolean => name in placeNames && !parameterNames.includes(name);
  const entries = Object.entries(props).filter(([, value]) => value !== undefined);
  // The types above say what stands under these names.
  const place = Object.fromEntries(entries.filter(([name]) => isPlace(name))) as unknown as ActionPlace;
  const { input, inputs = [], output, outputs = [], ...rest } = place;
  return {
    ...rest,
    ...((input ?? inputs.length > 0) && { inputs: [...(input ? [input] : []), ...inputs] }),
    ...((output ?? outputs.length > 0) && { outputs: [...(output ? [output] : []), ...outputs] }),
    // What is no place is a parameter; the schema refuses what it does not know.
    parameters: Object.fromEntries(entries.filter(([name]) => !isPlace(name))) as z.input<Declaration['parameters']>,
  };
}
