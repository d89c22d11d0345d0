import type { PipelineDeclaration } from '@aws-sdk/client-codepipeline';
import { AwsError, notSupportedLocally } from '../../../errors.ts';
import type { Surroundings } from '../providers/provider.ts';
import type { ProviderRegistry } from '../providers/registry.ts';
import { checkActions } from './check-actions.ts';
import { checkArtifacts } from './check-artifacts.ts';
import { checkConditions } from './check-conditions.ts';
import { checkNamespaces } from './check-namespaces.ts';
import { checkStages } from './check-stages.ts';
import { checkTriggers } from './check-triggers.ts';
import { invalidStructure, repeated } from './refusals.ts';
import { readStructure } from './structure.ts';

/** What a declaration is checked against beside itself. */
export interface StructureRules {
  readonly providers: ProviderRegistry;
  readonly surroundings: Surroundings;
  /** Providers whose actions are accepted as they are, because they are not run. */
  readonly notRun: readonly string[];
  readonly region: string;
}

/**
 * Checks a declaration that has passed `checkInput` against the rules of pipeline structure (User Guide, "Pipeline structure
 * reference" and quotas), and returns it with its type and execution mode filled in.
 * @throws AwsError `InvalidStructureException`, `InvalidStageDeclarationException`, `InvalidActionDeclarationException`,
 *   `InvalidBlockerDeclarationException`, or `NotImplemented` for what is valid but not run locally
 */
export function checkPipeline(declaration: PipelineDeclaration, rules: StructureRules): PipelineDeclaration {
  const typed = withType(declaration);
  checkArtifactStores(declaration, rules.region);
  const structure = readStructure(declaration);
  checkStages(structure);
  checkVariables(structure.variables.map((variable) => variable.name));
  checkActions(declaration, structure, rules);
  checkArtifacts(structure);
  checkNamespaces(structure);
  checkConditions(structure, rules.region);
  checkTriggers(structure);
  checkBlockers(declaration);
  return typed;
}

/** Naming a V2 parameter makes a pipeline V2; saying V1 beside one is a contradiction. */
function withType(declaration: PipelineDeclaration): PipelineDeclaration {
  const { executionMode = 'SUPERSEDED', pipelineType } = declaration;
  const v2Only = v2Parameters(declaration);
  if (pipelineType === 'V1' && v2Only.length > 0) {
    throw invalidStructure(`${v2Only.join(', ')} can only be used with V2 pipelines; pipelineType is V1`);
  }
  return { ...declaration, executionMode, pipelineType: pipelineType ?? (v2Only.length > 0 ? 'V2' : 'V1') };
}

function v2Parameters({ executionMode, variables, triggers, stages = [] }: PipelineDeclaration): string[] {
  const hasConditions = stages.some((stage) => stage.beforeEntry ?? stage.onSuccess ?? stage.onFailure);
  return [
    ...((variables ?? []).length > 0 ? ['Pipeline variables'] : []),
    ...((triggers ?? []).length > 0 ? ['Triggers'] : []),
    ...(executionMode !== undefined && executionMode !== 'SUPERSEDED' ? [`Execution mode ${executionMode}`] : []),
    ...(hasConditions ? ['Stage conditions'] : []),
  ];
}

function checkArtifactStores({ artifactStore, artifactStores }: PipelineDeclaration, region: string): void {
  if (artifactStore && artifactStores) throw invalidStructure('Use artifactStore or artifactStores, not both');
  if (artifactStore) return;
  const regions = Object.keys(artifactStores ?? {});
  if (regions.length === 0) throw invalidStructure('The pipeline has neither artifactStore nor artifactStores');
  if (!regions.includes(region)) {
    throw invalidStructure(
      `artifactStores has no store for the pipeline's own region ${region}, only ${regions.join(', ')}`,
    );
  }
  if (regions.length > 1) throw notSupportedLocally(`an artifact store in another region (${regions.join(', ')})`);
}

function checkVariables(names: readonly string[]): void {
  const twice = repeated(names);
  if (twice !== undefined) throw invalidStructure(`The pipeline variable '${twice}' is declared more than once`);
}

function checkBlockers({ stages = [] }: PipelineDeclaration): void {
  for (const { name, blockers } of stages) {
    if ((blockers ?? []).length > 0) {
      throw new AwsError(
        'InvalidBlockerDeclarationException',
        `Stage '${name}' has blockers, which are reserved for future use`,
      );
    }
  }
}
