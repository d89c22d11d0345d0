/** What every answer may tell of work that goes on, or has ended, elsewhere. */
export interface Traceable {
  /**
   * The work's id where it is done, 1,500 characters at most: people see it in CodePipeline, and `{ExternalExecutionId}` in a link
   * of a custom action type is it. Once given it goes along with each later answer of the action, until another is given.
   */
  readonly externalExecutionId?: string;
}

/** CodePipeline's limit (API model, `ExecutionId`). */
const longestId = 1_500;

/** An answer with the id that the action gave before, unless it has its own. */
export function traced<Answer extends Traceable>(answer: Answer, before: Traceable): Answer {
  return { ...traceOf(before), ...answer };
}

/** The id that an answer gives, if it gives one: an empty one is none, and CodePipeline takes none. */
export function traceOf({ externalExecutionId: id }: Traceable): Traceable {
  return id === undefined || id === '' ? {} : { externalExecutionId: id };
}

/** Why CodePipeline would not take the id; a part of one leads nowhere, so it is not cut. */
export function problemOfTrace({ externalExecutionId: id = '' }: Traceable): string | undefined {
  if (id.length <= longestId) return undefined;
  return `externalExecutionId has ${id.length} characters, CodePipeline allows ${longestId}; give the id alone`;
}
