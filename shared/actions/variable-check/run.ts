import { implementAction } from '../action.ts';
import { fail, succeed } from '../result.ts';
import { variableCheck } from './declaration.ts';
import { problemOf } from './evaluate.ts';

export default implementAction(variableCheck, async ({ parameters: { checks, require } }) => {
  const problems = checks.flatMap((check) => problemOf(check) ?? []);
  const isGood = require === 'all' ? problems.length === 0 : problems.length < checks.length;
  const count = `${checks.length} ${checks.length === 1 ? 'check' : 'checks'}`;
  if (!isGood) return fail('JobFailed', `${problems.length} of ${count} failed: ${problems.join('; ')}`);
  const held = checks.length - problems.length;
  return succeed({
    outputs: { checkCount: String(checks.length), failedCount: String(problems.length) },
    summary: problems.length === 0 ? `${count}, all hold` : `${count}, ${held} of them hold, one has to`,
  });
});
