/** How far something of AWS is here: as AWS does it, partly, or refused by name. */
export type Answer = 'yes' | 'partly' | 'no';

/** Something of a service that is no operation and no resource type: a provider, a kind of state, a target. */
export interface Feature {
  readonly name: string;
  readonly answer: Answer;
  /** For `partly` what is left out, for `no` why or what to do instead; one sentence or half of one, without a full stop. */
  readonly how?: string;
}

/** Features that belong together, shown as one table. */
export interface FeatureTable {
  readonly title: string;
  readonly features: readonly Feature[];
}

/** A documented behaviour that the local cloud claims to have. A test that proves it has the id in its name. */
export interface Rule {
  /**
   * Lower-case words with hyphens between full stops, the service first: `codepipeline.superseded.waiting-slot`. Tests are
   * named `[codepipeline.superseded.waiting-slot] a newer execution takes the place in front of a locked stage`.
   */
  readonly id: string;
  /** One sentence in the present, with its full stop. */
  readonly rule: string;
  /**
   * The URL of a public page that says so; `inferred` where it follows from what such pages say, or is our own choice where
   * they say nothing; `unverified` where it is what we know and have found no page for.
   */
  readonly source: RuleSource;
}

/** Where a rule comes from. */
export type RuleSource = `https://${string}` | 'inferred' | 'unverified';

/** Operations that are refused for one reason. */
export interface RefusedOperations {
  readonly operations: readonly string[];
  /** Half a sentence without a full stop. */
  readonly why: string;
}

/**
 * What one service says of itself that its code cannot tell, for `docs/compatibility.md`: each service has one in its
 * folder. Which operations are answered, which resource types exist and which are recorded only is read from the running
 * cloud. `npm run compatibility` writes the page; a test says when it has to be written again.
 */
export interface Compatibility {
  /** The first word of its rules' ids. */
  readonly id: string;
  /** The name under which the gateway has its API, where it is another than the id (CloudWatch signs as `monitoring`). */
  readonly apiName?: string;
  readonly title: string;
  /** What of the service is here, in a sentence or two. */
  readonly scope: string;
  /** Operations that are answered, but not in all that AWS has: by name, what is left out. */
  readonly partly?: Readonly<Record<string, string>>;
  /** Operations that are refused for a reason of their own. */
  readonly refused?: readonly RefusedOperations[];
  /** Why every other operation is refused, as half a sentence without a full stop. */
  readonly otherwise?: string;
  /** The start of its resource types' names, e.g. `AWS::SSM::`. */
  readonly resourceTypePrefix?: string;
  /** Resource types that have behaviour, but not in all that CloudFormation has (or are refused): by type, how. */
  readonly resourceTypes?: Readonly<Record<string, { readonly answer: 'partly' | 'no'; readonly how: string }>>;
  readonly features?: readonly FeatureTable[];
  readonly rules: readonly Rule[];
}
