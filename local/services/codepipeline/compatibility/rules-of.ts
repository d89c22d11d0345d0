import type { Rule, RuleSource } from '../../compatibility.ts';

/** A page of the service's User Guide. */
export function guide(page: string): RuleSource {
  return `https://docs.aws.amazon.com/codepipeline/latest/userguide/${page}.html`;
}

/** A page of the service's API Reference. */
export function reference(page: string): RuleSource {
  return `https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_${page}.html`;
}

/** Rules by their source and their id without the service. */
export function rulesOf(bySource: Readonly<Record<string, Readonly<Record<string, string>>>>): readonly Rule[] {
  return Object.entries(bySource).flatMap(([source, rules]) =>
    // The keys are what `guide` and `reference` give, or one of the two words.
    Object.entries(rules).map(([id, rule]) => ({ id: `codepipeline.${id}`, rule, source: source as RuleSource })),
  );
}
