import type { Plugin } from 'esbuild';
import { rewriting } from './rewrite.ts';

/**
 * Cuts the rules for endpoints of S3 and DynamoDB down to buckets and tables by name. The clients bring them as binary
 * decision diagrams, most of them about access points, Outposts, Object Lambda, directory buckets, acceleration, tables
 * by ARN and searches: names that are ARNs or have a suffix of their own, and settings that only code can make. Slipway
 * has none of these, so their conditions are false, and what lies behind them alone is left out. FIPS, dual stack, custom
 * endpoints, path style and endpoints of an account stay. It can go when the clients are small enough with their rules.
 */
export function endpointsByName(): Plugin {
  return rewriting('endpoints', [
    { files: /@aws-sdk\/client-(s3|dynamodb)\/dist-es\/endpoint\/bdd\.js$/, change: byName },
  ]);
}

/** `nodes` holds threes: a condition, where to go if it holds, where to go if not. Node 1 is the first three. */
interface Diagram {
  readonly nodes: Int32Array;
  readonly root: number;
  readonly conditions: readonly unknown[];
  readonly results: readonly unknown[];
}

/** From here on a reference is a result (`@smithy/core/endpoints`, decideEndpoint). */
const firstResult = 100_000_000;

/** Parameters that Slipway's code does not set, and forms of a bucket or a table that are not its name. */
const neverTrue = [
  /"ref":"(Accelerate|UseObjectLambdaEndpoint|UseS3ExpressControlEndpoint|UseGlobalEndpoint|IsSearchOperation)"/,
  /^\["aws\.parseArn",/,
  /^\["stringEquals",\[.*"(--x-s3|--xa-s3|--op-s3|arn:)"\]\]$/,
];

function byName(source: string): string {
  const { nodes, root, conditions, results } = pruned(read(source));
  return `import { BinaryDecisionDiagram } from "@smithy/core/endpoints";
export const bdd = BinaryDecisionDiagram.from(
  new Int32Array(${JSON.stringify([...nodes])}), ${root}, ${JSON.stringify(conditions)}, ${JSON.stringify(results)});`;
}

/** Runs the module with a stand-in for its one import; it is data. */
function read(source: string): Diagram {
  const body = source.replace(/^import .*$/m, '').replace('export const bdd =', 'return');
  const from = (nodes: Int32Array, root: number, conditions: unknown[], results: unknown[]) => ({
    nodes,
    root,
    conditions,
    results,
  });
  // What `from` above has made.
  return new Function('BinaryDecisionDiagram', body)({ from }) as Diagram;
}

/** The diagram without the conditions that never hold, and without what nothing leads to any more. */
function pruned(diagram: Diagram): Diagram {
  const isNeverTrue = diagram.conditions.map((condition) =>
    neverTrue.some((form) => form.test(JSON.stringify(condition))),
  );
  // Node 1 stays: a reference to it is the end without a result.
  const nodes = [...diagram.nodes.slice(0, 3)];
  const conditions = new Map<number, number>();
  const results = new Map<number, number>();
  const places = new Map<number, number>();

  const place = (ref: number): number => {
    if (ref < 0 && ref !== -1)
      throw new Error('endpoints: the diagram has negated references now; see infra/bundling/');
    if (Math.abs(ref) === 1) return ref;
    if (ref >= firstResult) return firstResult + indexIn(results, ref - firstResult);
    const known = places.get(ref);
    if (known !== undefined) return known;
    const [condition = 0, high = 0, low = 0] = diagram.nodes.slice(3 * (ref - 1));
    if (isNeverTrue[condition]) return place(low);
    const at = nodes.length;
    nodes.push(indexIn(conditions, condition), 0, 0);
    places.set(ref, at / 3 + 1);
    nodes[at + 1] = place(high);
    nodes[at + 2] = place(low);
    return at / 3 + 1;
  };
  const root = place(diagram.root);
  return {
    nodes: Int32Array.from(nodes),
    root,
    conditions: [...conditions.keys()].map((index) => diagram.conditions[index]),
    results: [...results.keys()].map((index) => diagram.results[index]),
  };
}

/** The new index of an old one, in the order of appearance. */
function indexIn(indices: Map<number, number>, old: number): number {
  const known = indices.get(old) ?? indices.size;
  indices.set(old, known);
  return known;
}
