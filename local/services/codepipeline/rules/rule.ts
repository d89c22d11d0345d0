import type { RuleTypeName } from '../structure/conditions.ts';

/**
 * One kind of rule of a stage condition. A provider is a file here and a line in `registry.ts`. It keeps no state, and may
 * be asked again after a crash.
 */
export interface RuleProvider {
  readonly type: RuleTypeName;
  /** Every configuration key that the rule knows. */
  readonly configuration: Readonly<Record<string, 'required' | 'optional'>>;
  /** What is wrong with a configuration beyond that, said as `must …`; values may hold `#{…}`. */
  check?(configuration: Readonly<Record<string, string>>): string | undefined;
  /** Throws only for what is worth another try. */
  evaluate(run: RuleRun): Promise<RuleOutcome>;
}

/** One run of a rule, as its provider sees it. */
export interface RuleRun {
  /** Every reference resolved. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly nowMs: number;
  readonly startedMs: number;
  /**
   * Calls a service with the rule's role (its own, else the pipeline's).
   * @throws AwsError as the service documents it
   */
  call<Output>(service: string, operation: string, input: object): Promise<Output>;
}

/** What came of a rule: an end, another look later, or a job that a function answers. */
export type RuleOutcome =
  | { readonly kind: 'succeeded'; readonly summary: string }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'job' };

/** The type of a rule that the service owns. */
export function ruleType(provider: string): RuleTypeName {
  return { category: 'Rule', owner: 'AWS', provider, version: '1' };
}
