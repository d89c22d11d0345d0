import type { LocalCloud } from '../../local/cloud.ts';

/** A definition before it is a text. */
export type States = Readonly<Record<string, object>>;

const pass = (Next: string, more: object = {}): object => ({ Type: 'Pass', Next, ...more });

/** Ten states: seven Pass of which two make something new, two Choice, and a Succeed. */
export const tenStates: States = {
  Receive: pass('Price'),
  Price: pass('Is it dear?', {
    Output: { order: '{% $states.input.order %}', total: '{% $states.input.order * 2 %}' },
  }),
  'Is it dear?': {
    Type: 'Choice',
    Choices: [{ Condition: '{% $states.input.total > 1000000 %}', Next: 'Tell' }],
    Default: 'Pack',
  },
  Pack: pass('Remember'),
  Remember: pass('Weigh', { Assign: { total: '{% $states.input.total %}' } }),
  Weigh: pass('Is it paid?'),
  'Is it paid?': { Type: 'Choice', Choices: [{ Condition: '{% $total >= 0 %}', Next: 'Send' }], Default: 'Tell' },
  Send: pass('Tell'),
  Tell: pass('Done'),
  Done: { Type: 'Succeed' },
};

/**
 * So many states, half of them with expressions as workflows have them; `round` makes every expression one that nobody
 * has seen before.
 */
export function manyStates(count: number, round: number): States {
  const name = (index: number): string => `State ${index}`;
  const state = (index: number): object => {
    const next = index + 1 < count ? { Next: name(index + 1) } : { End: true };
    if (index % 4 === 1) {
      return { Type: 'Pass', Output: { id: '{% $states.input.id %}', sum: sum(`${index} + ${round}`) }, ...next };
    }
    if (index % 4 !== 2 || index + 1 === count) return { Type: 'Pass', ...next };
    const Condition = `{% $states.input.total > ${index} and $exists($states.input.items[price > ${round}]) %}`;
    return { Type: 'Choice', Choices: [{ Condition, Next: name(index + 1) }], Default: name(index + 1) };
  };
  return Object.fromEntries(Array.from({ length: count }, (_unused, index) => [name(index), state(index)]));
}

function sum(more: string): string {
  return `{% $sum($states.input.items.(price * quantity)) + ${more} %}`;
}

/** Makes a machine in JSONata that starts at the first of its states, and gives its ARN. */
export async function makeMachine(cloud: LocalCloud, name: string, states: States): Promise<string> {
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
  const roleArn = `arn:aws:iam::${cloud.account}:role/bench`;
  const made = await cloud.call('states', 'CreateStateMachine', { name, definition, roleArn });
  // The gateway has checked the answer against the operation's schema.
  return (made as { stateMachineArn: string }).stateMachineArn;
}

/** Starts executions of a machine by so many callers at a time, and gives the last one's ARN once all are started. */
export async function startMany(
  cloud: LocalCloud,
  stateMachineArn: string,
  { count, callers = 200 }: { readonly count: number; readonly callers?: number },
  input: (index: number) => object,
): Promise<string> {
  let started = 0;
  let last = '';
  const caller = async (): Promise<void> => {
    while (started < count) {
      const text = JSON.stringify(input(started++));
      const answer = await cloud.call('states', 'StartExecution', { stateMachineArn, input: text });
      last = (answer as { executionArn: string }).executionArn; // checked by the gateway
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return last;
}
