import type { Feature, FeatureTable } from '../../compatibility.ts';
import type { State } from '../definition.ts';
import { integrations } from '../integrations/registry.ts';
import { intrinsics } from '../jsonpath/intrinsics.ts';

/** Each kind of state has its row, which the compiler sees to. */
const states: Readonly<Record<State['Type'], Omit<Feature, 'name'>>> = {
  Task: { answer: 'partly', how: 'with the integrations below; Credentials (another account) are refused' },
  Pass: { answer: 'yes' },
  Choice: { answer: 'yes' },
  Wait: { answer: 'yes' },
  Succeed: { answer: 'yes' },
  Fail: { answer: 'yes' },
  Parallel: { answer: 'yes' },
  Map: {
    answer: 'partly',
    how: 'inline; the mode DISTRIBUTED with ItemReader, ItemBatcher and ResultWriter is refused',
  },
};

/** `States.Format` is not among the other intrinsic functions. */
const language: readonly Feature[] = [
  { name: 'Retry, Catch, TimeoutSeconds, HeartbeatSeconds', answer: 'yes' },
  { name: 'JSONata, and the functions that Step Functions adds to it', answer: 'yes' },
  { name: 'JSONPath: InputPath, Parameters, ResultSelector, ResultPath, OutputPath', answer: 'yes' },
  { name: 'Variables (Assign)', answer: 'yes' },
  { name: 'Context object', answer: 'yes' },
  { name: `Intrinsic functions of JSONPath, all ${Object.keys(intrinsics).length + 1}`, answer: 'yes' },
];

const refusedResources: readonly Feature[] = [
  { name: 'Activities', answer: 'no', how: 'they are polled by workers; use a task token' },
  { name: '`.sync` of other services', answer: 'no', how: 'their jobs do not run here' },
  { name: 'Other optimized integrations', answer: 'no', how: 'refused when the machine is made' },
];

function integrationRow({ name, patterns }: (typeof integrations)[number]): Feature {
  if (name !== 'aws-sdk') return { name: `\`${name}\`: ${patterns.join(', ')}`, answer: 'yes' };
  const how = 'the operations that are answered on this page; others are refused when the machine is made';
  return { name: `\`${name}\`: ${patterns.join(', ')}`, answer: 'partly', how };
}

/** What of Amazon States Language runs here. */
export const statesFeatures: readonly FeatureTable[] = [
  {
    title: 'Amazon States Language',
    features: [...Object.entries(states).map(([name, answer]) => ({ name: `\`${name}\``, ...answer })), ...language],
  },
  { title: 'Integrations', features: [...integrations.map(integrationRow), ...refusedResources] },
];
