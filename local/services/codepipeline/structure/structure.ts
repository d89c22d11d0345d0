import type { ActionDeclaration, ExecutionMode, PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { readConditions, type StageConditions } from './conditions.ts';
import { given } from './given.ts';
import { readTriggers, type TriggerStructure } from './triggers.ts';

/** A pipeline as the engine runs it: a declaration that has been checked, with its defaults filled in. */
export interface Structure {
  readonly name: string;
  readonly roleArn: string;
  readonly executionMode: ExecutionMode;
  readonly artifactStore: ArtifactStoreStructure;
  readonly variables: readonly VariableStructure[];
  readonly triggers: readonly TriggerStructure[];
  readonly stages: readonly StageStructure[];
}

/** The bucket that holds the pipeline's artifacts. */
export interface ArtifactStoreStructure {
  readonly bucket: string;
  /** The key that artifacts must be encrypted with; the bucket's default if absent. */
  readonly encryptionKeyId?: string;
}

/** A pipeline-level variable; without a default its value must be given at each start. */
export interface VariableStructure {
  readonly name: string;
  readonly defaultValue?: string;
}

/** A stage and its actions, in the order of the declaration. */
export interface StageStructure extends StageConditions {
  readonly name: string;
  readonly actions: readonly ActionStructure[];
}

/** Category, owner, provider and version: what an action is. */
export interface ActionTypeName {
  readonly category: string;
  readonly owner: string;
  readonly provider: string;
  readonly version: string;
}

/** One action of a stage. */
export interface ActionStructure {
  readonly name: string;
  readonly type: ActionTypeName;
  /** Actions of one number run in parallel; a higher number waits for the success of every lower one. */
  readonly runOrder: number;
  /** Unresolved: values may hold `#{namespace.key}`. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly inputArtifacts: readonly string[];
  readonly outputArtifacts: readonly string[];
  readonly roleArn?: string;
  readonly region?: string;
  readonly namespace?: string;
  readonly timeoutInMinutes?: number;
}

/** Reads a declaration that has passed `checkInput`: every required member is there. */
export function readStructure(declaration: PipelineDeclaration): Structure {
  return {
    name: given(declaration.name),
    roleArn: given(declaration.roleArn),
    executionMode: declaration.executionMode ?? 'SUPERSEDED',
    artifactStore: readArtifactStore(declaration),
    variables: (declaration.variables ?? []).map(({ name, defaultValue }) => ({
      name: given(name),
      ...(defaultValue !== undefined && { defaultValue }),
    })),
    triggers: readTriggers(declaration),
    stages: given(declaration.stages).map((stage) => ({
      name: given(stage.name),
      actions: given(stage.actions).map(readAction),
      ...readConditions(stage),
    })),
  };
}

function readArtifactStore(declaration: PipelineDeclaration): ArtifactStoreStructure {
  // With the map, the store of the pipeline's own region is its only entry: other regions are refused at creation.
  const store = declaration.artifactStore ?? Object.values(declaration.artifactStores ?? {})[0];
  const encryptionKeyId = store?.encryptionKey?.id;
  return { bucket: given(store?.location), ...(encryptionKeyId !== undefined && { encryptionKeyId }) };
}

function readAction(action: ActionDeclaration): ActionStructure {
  const { category, owner, provider, version } = given(action.actionTypeId);
  return {
    name: given(action.name),
    type: { category: given(category), owner: given(owner), provider: given(provider), version: given(version) },
    runOrder: action.runOrder ?? 1,
    configuration: action.configuration ?? {},
    inputArtifacts: (action.inputArtifacts ?? []).map(({ name }) => given(name)),
    outputArtifacts: (action.outputArtifacts ?? []).map(({ name }) => given(name)),
    ...(action.roleArn !== undefined && { roleArn: action.roleArn }),
    ...(action.region !== undefined && { region: action.region }),
    ...(action.namespace !== undefined && { namespace: action.namespace }),
    ...(action.timeoutInMinutes !== undefined && { timeoutInMinutes: action.timeoutInMinutes }),
  };
}

/** The stage of that name. */
export function stageOf(structure: Structure, name: string): StageStructure {
  return given(structure.stages.find((stage) => stage.name === name));
}

/** The action of that name in that stage. */
export function actionOf(structure: Structure, stage: string, name: string): ActionStructure {
  return given(stageOf(structure, stage).actions.find((action) => action.name === name));
}
