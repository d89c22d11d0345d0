/** The layers of the tree (docs/architecture.md): imports run one way, and there is no cycle. */
const nouns = ['people', 'services', 'state', 'triggers', 'chat', 'approvals', 'freezes', 'rollouts', 'actions', 'governance', 'metrics', 'notifications'];
const first = ['errors.ts', 'clock.ts', 'log.ts', 'config.ts', 'json.ts'];
const second = ['people', 'services', 'state'];
const third = ['triggers', 'chat', 'approvals', 'freezes', 'rollouts', 'actions', 'governance', 'metrics', 'notifications'];
const any = (names) => `^shared/(${names.join('|').replaceAll('.', '\\.')})`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'base-imports-base-only',
      comment: 'errors, clock, log and config know no noun',
      severity: 'error',
      from: { path: any(first) },
      to: { path: '^shared/', pathNot: any(first) },
    },
    {
      name: 'events-import-base-only',
      severity: 'error',
      from: { path: '^shared/events/' },
      to: { path: '^shared/', pathNot: [any(first), '^shared/events/'] },
    },
    ...second.map((noun) => ({
      name: `${noun}-imports-down-only`,
      severity: 'error',
      from: { path: `^shared/${noun}/` },
      to: { path: '^shared/', pathNot: [any(first), '^shared/events/', `^shared/${noun}/`, ...(noun === 'state' ? [] : [])] },
    })),
    ...third.map((noun) => ({
      name: `${noun}-imports-down-only`,
      severity: 'error',
      from: { path: `^shared/${noun}/` },
      to: { path: '^shared/', pathNot: [any(first), '^shared/events/', any(second), `^shared/${noun}/`] },
    })),
    {
      name: 'releases-import-no-command',
      severity: 'error',
      from: { path: '^shared/releases/' },
      to: { path: '^shared/(commands|aws|runtime)/' },
    },
    {
      name: 'releases-import-no-sibling',
      severity: 'error',
      from: { path: '^shared/releases/' },
      to: { path: any(nouns.filter((noun) => !second.includes(noun))) },
    },
    { name: 'commands-import-no-edge', severity: 'error', from: { path: '^shared/commands/' }, to: { path: '^shared/(aws|runtime)/' } },
    {
      name: 'sdk-clients-in-aws-only',
      comment: 'shared/aws is the one place for SDK clients in the product; local/ reads their schemas',
      severity: 'error',
      from: { path: '^(shared|functions|infra|cli)/', pathNot: '^shared/aws/' },
      to: { path: 'node_modules/@aws-sdk/client-', dependencyTypesNot: ['type-only'] },
    },
    { name: 'aws-and-runtime-only-from-functions', severity: 'error', from: { path: '^(shared|infra|local)/', pathNot: '^shared/(aws|runtime)/' }, to: { path: '^shared/(aws|runtime)/' } },
    { name: 'local-knows-nothing-of-slipway', severity: 'error', from: { path: '^local/' }, to: { path: '^(shared|functions|infra|cli|dashboard|state-machines)/' } },
    { name: 'slipway-knows-nothing-of-local', severity: 'error', from: { path: '^(shared|functions|infra)/' }, to: { path: '^(local|cli)/' } },
    {
      name: 'infra-reads-declarations-only',
      severity: 'error',
      from: { path: '^infra/' },
      to: { path: '^shared/.*/run\\.ts$|^functions/' },
    },
    { name: 'functions-are-entries', severity: 'error', from: { path: '^(shared|infra|cli|local)/' }, to: { path: '^functions/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] },
  },
};
