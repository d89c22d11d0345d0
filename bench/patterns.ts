import type { Json, JsonObject } from '../local/json.ts';
import { compilePattern } from '../local/services/events/pattern/compile.ts';
import { indexRules } from '../local/services/events/pattern/rule-index.ts';
import { median, type Bench, type Table } from './bench.ts';

/** How many events a second are matched against many rules, beside only parsing the same events. */
export const patterns: Bench = {
  name: 'patterns',
  question: 'how fast is an event matched against 1,000 and 10,000 rules, beside parsing it?',
  run: () => Promise.resolve(measurePatterns()),
};

const rounds = 9;
const eventCount = 2_000;
const asked = new Map([
  [1_000, 0.4],
  [10_000, 0.1],
]);

function measurePatterns(): Table {
  const texts = Array.from({ length: eventCount }, (_unused, index) => JSON.stringify(event(index)));
  const subjects = [...asked].map(([ruleCount, atLeast]) => {
    const rules = Array.from({ length: ruleCount }, (_unused, rule) => ({
      rule,
      pattern: compilePattern(JSON.stringify(pattern(rule))),
    }));
    return { ruleCount, atLeast, index: indexRules(rules), rates: [] as number[], matchCount: 0 };
  });
  const parseRates: number[] = [];
  // In turn, so that a busy moment hits all of them; the first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const events: Json[] = [];
    const parseRate = rate(() => texts.forEach((text) => events.push(JSON.parse(text) as Json))); // our own texts
    if (round > 0) parseRates.push(parseRate);
    for (const subject of subjects) {
      subject.matchCount = 0;
      const matchRate = rate(() =>
        events.forEach((each) => void (subject.matchCount += subject.index.matching(each).length)),
      );
      if (round > 0) subject.rates.push(matchRate);
    }
  }
  const parsing = median(parseRates);
  return {
    columns: ['what', 'events a second', 'of JSON.parse', 'asked', 'rules that fit an event'],
    rows: [
      ['JSON.parse alone', Math.round(parsing), '1.00', '', ''],
      ...subjects.map(({ ruleCount, atLeast, rates, matchCount }) => [
        `${ruleCount.toLocaleString('en')} rules`,
        Math.round(median(rates)),
        (median(rates) / parsing).toFixed(2),
        atLeast,
        (matchCount / eventCount).toFixed(1),
      ]),
    ],
    notes: [
      `The median of ${rounds} rounds of ${eventCount} events of ${texts[0]?.length} bytes, parsed before they are matched.`,
      'Of ten rules seven name a pipeline, one a prefix of it, one a resource, and one only leaves out a state.',
    ],
  };
}

function rate(work: () => void): number {
  const beganMs = performance.now();
  work();
  return (eventCount * 1000) / (performance.now() - beganMs);
}

const states = ['STARTED', 'SUCCEEDED', 'FAILED', 'SUPERSEDED', 'STOPPED'];

function event(index: number): JsonObject {
  const pipeline = `team-${index % 97}-service-${index % 1_009}`;
  return {
    version: '0',
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    'detail-type': `CodePipeline ${['Pipeline', 'Stage', 'Action'][index % 3]} Execution State Change`,
    source: `company.builds.${index % 50}`,
    account: '123456789012',
    time: '2026-01-05T09:00:00Z',
    region: 'us-east-1',
    resources: [`arn:aws:codepipeline:us-east-1:123456789012:${pipeline}`],
    detail: {
      pipeline,
      'execution-id': `10000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      'start-time': '2026-01-05T09:00:00.000Z',
      stage: 'Deploy',
      action: 'Site',
      state: states[index % states.length] ?? '',
      region: 'us-east-1',
      version: index % 30,
      type: { owner: 'AWS', provider: 'Lambda', category: 'Invoke', version: '1' },
      'execution-trigger': {
        'trigger-type': 'Webhook',
        'trigger-detail': 'a push to the branch main of the repository',
      },
    },
  };
}

function pattern(rule: number): JsonObject {
  const source = [`company.builds.${rule % 50}`];
  const pipeline = `team-${rule % 97}-service-${rule % 1_009}`;
  switch (rule % 10) {
    case 7:
      return { source, detail: { pipeline: [{ prefix: `team-${rule % 97}-` }], state: ['FAILED'] } };
    case 8:
      return { resources: [`arn:aws:codepipeline:us-east-1:123456789012:${pipeline}`] };
    case 9:
      return { source, detail: { state: [{ 'anything-but': ['STARTED', 'SUCCEEDED'] }], version: [rule % 30] } };
    default:
      return { source, detail: { pipeline: [pipeline], state: ['FAILED', 'SUCCEEDED'], stage: ['Deploy'] } };
  }
}
