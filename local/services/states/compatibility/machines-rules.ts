import type { Rule } from '../../compatibility.ts';

/** Rules of machines, versions, aliases and definitions. */
export const machinesRules: readonly Rule[] = [
  {
    id: 'states.definition.place',
    rule: 'A mistake in a definition is refused with InvalidDefinition and its place.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
  },
  {
    id: 'states.definition.json',
    rule: 'What is no JSON or has no states is refused.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
  },
  {
    id: 'states.definition.not-local',
    rule: 'What the local cloud lacks is refused by name: distributed Maps, activities, jobs, other services.',
    source: 'inferred',
  },
  {
    id: 'states.definition.fields',
    rule: 'Each type of state has its fields in each query language, and no others.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  },
  {
    id: 'states.definition.state-name',
    rule: 'A state has a name of 80 characters at most.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  },
  {
    id: 'states.name.unique',
    rule: 'No two states of a machine share a name, also not in different branches.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html',
  },
  {
    id: 'states.transition.own-group',
    rule: 'A transition leads to a state of the same group.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html',
  },
  {
    id: 'states.create.idempotent',
    rule: 'CreateStateMachine again makes no second machine, and refuses another one of the name.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
  },
  {
    id: 'states.revision',
    rule: 'A machine has no revision id until it is updated.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html',
  },
  {
    id: 'states.update.running',
    rule: 'Running executions keep the definition that they were started with.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html',
  },
  {
    id: 'states.delete',
    rule: 'A deleted machine goes with its last execution, which ends at its next transition.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html',
  },
  {
    id: 'states.version.publish',
    rule: 'Each revision is published once, and no number is used again.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-version.html',
  },
  {
    id: 'states.version.run',
    rule: 'A version and an alias run what they stand for.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html',
  },
  {
    id: 'states.alias.weights',
    rule: 'An alias shares its executions among two versions by weight.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html',
  },
  {
    id: 'states.alias.running',
    rule: 'An execution keeps its version when its alias moves on.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html',
  },
  {
    id: 'states.alias.routes',
    rule: 'Routes are one or two versions of one machine with weights that sum up to 100.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachineAlias.html',
  },
  {
    id: 'states.resources',
    rule: 'CloudFormation makes machines, versions and aliases.',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_StepFunctions.html',
  },
  {
    id: 'states.resources.asset',
    rule: 'A definition may be an asset.',
    source:
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html',
  },
  {
    id: 'states.operations.all',
    rule: 'Every operation of the SDK client is answered or refused by name.',
    source: 'inferred',
  },
  {
    id: 'states.validate.ok',
    rule: 'ValidateStateMachineDefinition says OK of a definition that a machine can be made of.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html',
  },
  {
    id: 'states.validate.codes',
    rule: 'Diagnostics have the documented codes and the place of the mistake.',
    source:
      'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html',
  },
  {
    id: 'states.validate.all',
    rule: 'Diagnostics are cut at maxResults, and truncated says so.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html',
  },
  {
    id: 'states.validate.warnings',
    rule: 'Warnings NO_DOLLAR, NO_PATH and PASS_RESULT_IS_STATIC come when asked for, and make no FAIL.',
    source:
      'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html',
  },
  {
    id: 'states.validate.type',
    rule: 'A definition is checked for the type of machine that it is for.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html',
  },
  {
    id: 'states.validate.not-local',
    rule: 'A definition that needs what is not supported locally is refused by name, not judged.',
    source: 'inferred',
  },
  { id: 'states.validate.asl-validator', rule: 'What asl-validator refuses is refused.', source: 'inferred' },
  {
    id: 'states.tags',
    rule: 'Tags come with a machine, are added, replaced and taken away.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_TagResource.html',
  },
  {
    id: 'states.tags.characters',
    rule: 'A tag is of letters, digits, white space and _ . : / = + - @, and its key does not begin with aws:.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_Tag.html',
  },
  {
    id: 'states.tags.limits',
    rule: 'A machine has 50 tags at most.',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html',
  },
];
