import { LocalCloudError } from '../../../errors.ts';
import { isJsonObject, type Json } from '../../../json.ts';
import type { Template } from '../../../template/template.ts';

/**
 * Providers that AWS documents, whether they run here or not: a pipeline that has one may come later (CodePipeline user guide,
 * "Action structure reference" and "Valid input and output artifacts for each action type").
 */
const documented: ReadonlySet<string> = new Set([
  ...['CodeCommit', 'CodeStarSourceConnection', 'ECR', 'GitHub', 'S3'],
  ...['CodeBuild', 'Commands', 'DeviceFarm', 'ECRBuildAndPublish', 'Jenkins'],
  ...['AlexaSkillsKit', 'AppConfig', 'CloudFormation', 'CloudFormationStackInstances', 'CloudFormationStackSet'],
  ...['CodeDeploy', 'CodeDeployToECS', 'EC2', 'ECS', 'EKS', 'ElasticBeanstalk', 'OpsWorks', 'ServiceCatalog'],
  ...['CodePipeline', 'InspectorScan', 'Lambda', 'Manual', 'Snyk', 'StepFunctions'],
]);

/**
 * Refuses to pass over a provider that the app's pipelines have not and AWS does not document: its name is misspelt.
 * @throws LocalCloudError naming the providers that the app's pipelines have
 */
export function refuseUnknownProviders(notRun: readonly string[], templates: readonly Template[]): void {
  const pipelines = templates
    .flatMap(({ Resources: resources }) => Object.values(resources))
    .filter(({ Type: type }) => type === 'AWS::CodePipeline::Pipeline');
  const given = pipelines.flatMap(({ Properties: properties }) => providersIn(properties));
  // What a deployment alone knows may be any.
  if (given.some((provider) => typeof provider !== 'string')) return;
  const unknown = notRun.find((provider) => !documented.has(provider) && !given.includes(provider));
  if (unknown === undefined) return;
  const known = [...new Set(given)].sort().join(', ');
  throw new LocalCloudError(
    `"--not-run ${unknown}" passes nothing over: no pipeline of the app has an action of this provider, and AWS documents ` +
      `none of this name; the app's pipelines have: ${known || 'none'}; write it as the action's ActionTypeId.Provider does`,
  );
}

/** Wherever the actions are: stages and actions may stand in conditions. */
function providersIn(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(providersIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'ActionTypeId' && isJsonObject(inner) ? [inner['Provider'] ?? null] : providersIn(inner),
  );
}
