import { createHash } from 'node:crypto';
import { nowAt } from '../../clock.ts';
import { implementAction, type ActionInput } from '../action.ts';
import { scopeOf } from '../runner/once.ts';
import { fillTemplate, releaseFacts } from '../release-facts.ts';
import { succeed } from '../result.ts';
import { readingAnswers } from '../web/web-answer.ts';
import { showInCloudWatch } from './cloudwatch.ts';
import { showInDatadog } from './datadog.ts';
import { updateDashboard } from './declaration.ts';
import { showInGrafana } from './grafana.ts';
import type { Mark } from './parameters.ts';

type Input = ActionInput<typeof updateDashboard>;

export default implementAction(updateDashboard, (input) =>
  readingAnswers(input.parameters.provider, async () => {
    const facts = await releaseFacts(input);
    const id = createHash('sha256').update(scopeOf(input.context, input.jobId)).digest('hex').slice(0, 8);
    const mark = { text: fillTemplate(input.parameters.text, facts), at: nowAt(input.clock), id, facts };
    const annotation = await show(input, mark);
    return succeed({ outputs: annotation === undefined ? {} : { annotation }, summary: `${mark.text} is marked` });
  }),
);

/** Each system in its own file. */
function show(input: Input, mark: Mark): Promise<string | undefined> {
  const { parameters } = input;
  switch (parameters.provider) {
    case 'cloudwatch':
      return showInCloudWatch(parameters, mark, input);
    case 'grafana':
      return showInGrafana(parameters, mark, input);
    case 'datadog':
      return showInDatadog(parameters, mark, input);
  }
}
