// dynalite ships no types. Its parsers are generated from grammars and need nothing of the rest of the package. They
// resolve names and values while they parse, and answer what is wrong with the meaning of an expression as a string.

interface DynaliteContext {
  /** What `#name` stands for in a path. */
  attrNames: Record<string, unknown>;
  /** What `:name` stands for: read only for its type. */
  attrVals: Record<string, object>;
  /** Emptied of every name that the expression uses. */
  unusedAttrNames: Record<string, true>;
  /** Emptied of every value that the expression uses. */
  unusedAttrVals: Record<string, true>;
  isReserved(name: string): boolean;
  compare(operator: 'GT', left: unknown, right: unknown): boolean;
}

interface DynaliteParser<Result> {
  /** Throws an error with name `SyntaxError` and a `location` where the grammar does not fit. */
  parse(text: string, options: { context: DynaliteContext }): Result | string;
}

declare module 'dynalite/db/conditionParser.js' {
  const parser: DynaliteParser<{ expression: unknown }>;
  export = parser;
}

declare module 'dynalite/db/updateParser.js' {
  const parser: DynaliteParser<{ sections: unknown[] }>;
  export = parser;
}

declare module 'dynalite/db/projectionParser.js' {
  const parser: DynaliteParser<{ paths: unknown[] }>;
  export = parser;
}
