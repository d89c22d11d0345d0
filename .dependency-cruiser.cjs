/**
 * The layers of the tree (docs/architecture.md): imports run one way, and there is no cycle. Type imports count, because
 * whoever reads a file has to read what it names.
 */
const base = ['errors.ts', 'clock.ts', 'log.ts', 'config.ts', 'json.ts', 'parse-json.ts', 'http-client.ts'];
const facts = ['people', 'services', 'state'];
const nouns = [
  'triggers',
  'chat',
  'approvals',
  'freezes',
  'rollouts',
  'actions',
  'governance',
  'metrics',
  'notifications',
];
const edges = '^shared/(aws|runtime)/';

/** What begins with any of these names, below `shared/`. */
const below = (names) => `^shared/(${names.join('|').replaceAll('.', '\\.')})`;

const factRules = facts.map((noun) => ({
  name: `${noun}-imports-down-only`,
  comment: `${noun} knows errors, clock, log, config and events; what nouns share is an event or a function passed in`,
  severity: 'error',
  from: { path: `^shared/${noun}/` },
  to: { path: '^shared/', pathNot: [below(base), '^shared/events/', `^shared/${noun}/`] },
}));

const nounRules = nouns.map((noun) => ({
  name: `${noun}-imports-down-only`,
  comment: `${noun} knows ${facts.join(', ')} and what is below, and no sibling`,
  severity: 'error',
  from: { path: `^shared/${noun}/` },
  to: {
    path: '^shared/',
    pathNot: [below(base), '^shared/events/', below(facts.map((fact) => `${fact}/`)), `^shared/${noun}/`],
  },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // Lambda's types come from @types/aws-lambda; there is no package behind the name. An example that is a project of
      // its own has Slipway as a package.
      to: { couldNotResolve: true, pathNot: '^(aws-lambda$|slipway/)' },
    },
    {
      name: 'base-imports-base-only',
      comment: 'errors, clock, log and config know no noun',
      severity: 'error',
      from: { path: below(base) },
      to: { path: '^shared/', pathNot: below(base) },
    },
    {
      name: 'events-import-base-only',
      severity: 'error',
      from: { path: '^shared/events/' },
      to: { path: '^shared/', pathNot: [below(base), '^shared/events/'] },
    },
    ...factRules,
    ...nounRules,
    {
      name: 'releases-import-down-only',
      comment: 'a release is decided from facts; what siblings do for it is a function passed in',
      severity: 'error',
      from: { path: '^shared/releases/' },
      to: { path: ['^shared/commands/', edges, below(nouns.map((noun) => `${noun}/`))] },
    },
    {
      name: 'commands-import-no-edge',
      severity: 'error',
      from: { path: '^shared/commands/' },
      to: { path: edges },
    },
    {
      name: 'edges-know-not-each-other',
      comment: 'aws implements contracts, runtime wraps handlers; functions compose the two',
      severity: 'error',
      from: { path: '^shared/(aws|runtime)/' },
      to: { path: edges, pathNot: '^shared/$1/' },
    },
    {
      name: 'edges-are-composed-by-functions',
      severity: 'error',
      from: { path: '^(shared|infra|cli|local|examples)/', pathNot: edges },
      to: { path: edges },
    },
    {
      name: 'sdk-clients-in-aws-only',
      comment:
        'shared/aws is the one place for SDK clients in the product; local/ reads their schemas; the plain app is no product',
      severity: 'error',
      from: {
        path: '^(shared|functions|infra|cli|examples)/',
        pathNot: ['^shared/aws/', '^examples/plain-cdk-app/'],
      },
      to: { path: '(^|/)@aws-sdk/client-' },
    },
    {
      name: 'local-knows-nothing-of-slipway',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^(shared|functions|infra|cli|dashboard|examples|state-machines)/' },
    },
    {
      name: 'slipway-knows-nothing-of-local',
      severity: 'error',
      // That example is a project of its own, whose tests run a local cloud.
      from: { path: '^(shared|functions|infra|examples)/', pathNot: '^examples/custom-action/' },
      to: { path: '^(local|cli)/' },
    },
    {
      name: 'infra-reads-declarations-only',
      comment: 'synth loads no implementation: declarations, registries, contracts and schemas',
      severity: 'error',
      from: { path: '^(infra|examples)/', pathNot: '^examples/custom-action/' },
      to: {
        path: '^(shared|functions)/',
        pathNot: [
          '/declaration\\.ts$',
          '/registry\\.ts$',
          '^shared/actions/action\\.ts$',
          '^shared/actions/runner/parameter-names\\.ts$',
          '^shared/actions/worker/work-order\\.ts$',
          '^shared/events/event\\.ts$',
        ],
      },
    },
    {
      name: 'registries-of-declarations-load-no-implementation',
      comment: 'what a schema and synth check, a declaration may keep in a file of rules beside it',
      severity: 'error',
      from: {
        path: [
          '^shared/(actions|triggers)/registry\\.ts$',
          '^shared/(actions|triggers)/.*/declaration\\.ts$',
          '^shared/(actions|triggers)/.*rules\\.ts$',
        ],
      },
      to: {
        path: '^shared/(actions|triggers)/[^/]+/',
        pathNot: ['/declaration\\.ts$', 'rules\\.ts$', '^shared/actions/(gateways|runner|testing|web|worker)/'],
      },
    },
    {
      name: 'product-knows-no-measurement',
      comment: 'benches and the simulation look at the product from outside',
      severity: 'error',
      from: { path: '^(shared|functions|infra|cli|local|examples)/' },
      to: { path: '^(bench|simulate)/' },
    },
    {
      name: 'functions-are-entries',
      severity: 'error',
      from: { path: '^(shared|infra|cli|local|examples)/' },
      to: { path: '^functions/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
