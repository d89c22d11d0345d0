import { AwsError } from '../../../errors.ts';

/** A rule of the whole pipeline is broken. */
export function invalidStructure(message: string): AwsError {
  return new AwsError('InvalidStructureException', message);
}

/** A rule of one stage is broken. */
export function invalidStage(message: string): AwsError {
  return new AwsError('InvalidStageDeclarationException', message);
}

/** A rule of one action is broken. */
export function invalidAction(message: string): AwsError {
  return new AwsError('InvalidActionDeclarationException', message);
}

/** The first of `names` that occurs twice. */
export function repeated(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index);
}
