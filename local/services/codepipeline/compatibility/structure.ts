import { guide, reference, rulesOf } from './rules-of.ts';

/** What a pipeline may be. */
export const structureRules = rulesOf({
  [guide('reference-pipeline-structure')]: {
    'structure.stage-count': 'A pipeline has 2 to 50 stages.',
    'structure.sources-first': 'The first stage has source actions only, and at least one.',
    'structure.sources-only-first': 'Source actions are in the first stage only.',
    'structure.inputs-made-before':
      'An input artifact is the output of an action of an earlier stage, or of the same with a lower run order.',
    'structure.output-names': 'The names of output artifacts are unique in a pipeline.',
    'structure.artifact-counts': 'An action has as many input and output artifacts as its kind allows.',
    'structure.configuration-required': 'An action has every configuration key that its kind requires.',
    'actions.run-order':
      'Actions of one run order run in parallel; those of a higher one start when all of the lower have succeeded.',
  },
  [guide('limits')]: {
    'structure.action-count': 'A stage has 1 to 50 actions.',
    'structure.action-total': 'A pipeline has at most 500 actions.',
    'structure.stage-names': 'Stage names are unique in a pipeline.',
    'structure.action-names': 'Action names are unique in a stage.',
    'structure.pipeline-count': 'A region has at most 1000 pipelines.',
    'actions.timeout':
      'An action fails after the time of its kind: S3 deploy 90 minutes, Step Functions and approvals 7 days, Lambda 24 hours, any other 1 hour.',
    'variables.resolved-size': 'The resolved configuration of an action has at most 100 KB.',
    'tags.limit': 'A resource has at most 50 tags.',
    'tags.characters':
      'Keys and values of tags have letters, numbers, spaces and + - = . _ : / @, and no key begins with aws:.',
    'history.twelve-months': 'Lists go back 12 months.',
    'job-result.variables-size': 'The output variables of an action have at most 122,880 bytes together.',
  },
  [reference('PipelineDeclaration')]: {
    'structure.name-characters':
      'Names of pipelines, stages and actions have 1 to 100 letters, digits and the characters . @ - and _.',
    'structure.role-arn': 'The role is the ARN of an IAM role.',
    'structure.artifact-store': 'A pipeline has either artifactStore or artifactStores.',
    'structure.artifact-store-region': 'artifactStores has the pipeline’s own region.',
    'structure.mode': 'The execution mode is QUEUED, SUPERSEDED or PARALLEL.',
    'structure.defaults':
      'A new pipeline has version 1, and is of type V1 in the mode SUPERSEDED unless it says otherwise.',
    'structure.v2-by-parameter': 'A pipeline with a parameter that only V2 has is of type V2.',
    'structure.v2-only': 'Variables, triggers, conditions and modes other than SUPERSEDED are for V2 only.',
    'structure.variable-count': 'A pipeline has at most 50 variables.',
  },
  [reference('ArtifactStore')]: {
    'structure.artifact-store-bounds': 'Bucket names have 3 to 63 characters; an encryption key is of the type KMS.',
  },
  [reference('PipelineVariableDeclaration')]: {
    'structure.variable-bounds':
      'Variable names have 1 to 128 letters, digits, @ - and _, values 1 to 1000 characters, descriptions up to 200.',
  },
  [reference('ActionDeclaration')]: {
    'structure.run-order': 'A run order is 1 to 999.',
    'structure.region-length': 'A region has 4 to 30 characters.',
    'structure.namespace-characters': 'A namespace has 1 to 100 letters, digits, @ - and _.',
    'structure.timeout-only-approvals': 'timeoutInMinutes is for manual approvals only.',
    'structure.approval-timeout': 'An approval’s time is 5 to 86400 minutes.',
    'structure.artifact-names': 'Artifact names have 1 to 100 letters, digits, - and _.',
    'structure.configuration-key': 'Configuration keys have 1 to 50 characters.',
    'structure.compute-bounds': 'A compute action has at most 50 commands and 15 output variables.',
    'structure.compute-members': 'Commands, environment variables and files are for compute and build actions only.',
    'actions.own-role': 'An action works with its own role, which the pipeline’s role assumes.',
  },
  [reference('ActionTypeId')]: {
    'structure.action-type-bounds': 'Category, owner, provider and version of an action type keep to their bounds.',
  },
  [reference('StageDeclaration')]: {
    'structure.blockers': 'Blockers are reserved and refused.',
  },
  [reference('CreatePipeline')]: {
    'structure.name-in-use': 'A pipeline’s name is unique in account and region.',
    'structure.tags': 'The tags of a new pipeline keep to the rules of tags.',
  },
  ['https://docs.aws.amazon.com/codepipeline/latest/APIReference/CommonErrors.html']: {
    'structure.bounds': 'A request that breaks bounds gets one ValidationException that names all of them.',
  },
  [guide('reference-variables')]: {
    'structure.configuration-value': 'A configuration value has 1 to 1000 characters before references are resolved.',
    'structure.namespaces': 'Namespaces are unique, not reserved, and no artifact’s name.',
    'variables.syntax': 'A reference is #{namespace.key} anywhere in a value of a configuration, and is resolved once.',
    'variables.case-sensitive': 'Namespaces and keys are case-sensitive.',
    'variables.namespaces': 'A later action has the output variables of an action under its namespace.',
    'variables.execution-id': '#{codepipeline.PipelineExecutionId} is the id of the execution.',
    'variables.ran-before': 'Only outputs of actions that have certainly run before can be referred to.',
    'variables.unresolved': 'An action whose references cannot be resolved fails without being run.',
  },
  'https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_codepipeline-readme.html': {
    'variables.pipeline-level': '#{variables.name} is a pipeline variable: the value of the start, else the default.',
    'structure.no-variables-in-sources': 'Source actions cannot refer to pipeline variables.',
  },
  [reference('UpdatePipeline')]: {
    'update.version': 'An update makes the next version, and earlier ones can still be read.',
    'update.checks': 'An update is checked as a creation, and changes nothing if it is refused.',
    'update.unknown': 'An update of a pipeline that does not exist is refused: names do not change.',
  },
  [reference('PipelineExecution')]: {
    'update.cancels': 'An update cancels the executions that are in progress.',
  },
  [reference('GetPipeline')]: {
    'get-pipeline.version': 'A version that does not exist is refused by PipelineVersionNotFoundException.',
  },
  [reference('ListPipelines')]: {
    'list-pipelines.bounds': 'A page has 1 to 1000 pipelines.',
    'list-pipelines.pages': 'Pipelines are listed page by page, each once.',
  },
  inferred: {
    'delete.idempotent': 'A deleted pipeline leaves nothing behind, and to delete one that does not exist is no error.',
    'structure.configuration-unknown': 'An action has no configuration key that its kind does not know.',
    'structure.undeclared-variable': 'A reference to a pipeline variable that is not declared is refused at creation.',
    'structure.variable-names': 'A pipeline variable is declared once.',
    'structure.s3-deploy-configuration': 'Extract of an S3 deploy action is true or false.',
    'structure.provider': 'An action whose provider is not run here is refused at creation, by name.',
    'structure.regions': 'An action in another region is refused by name.',
    'variables.newest-run': 'Variables are those of an action’s newest run, and none where that failed.',
    'actions.siblings-go-on': 'Actions beside a failed one go on; the stage fails when none is in progress any more.',
    'sources.all-run': 'All source actions run at each start.',
  },
});
