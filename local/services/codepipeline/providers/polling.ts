/** What is wrong with the switch that has a source polled; it is polled unless the switch says `false`. */
export function pollingProblem({
  PollForSourceChanges: polls = 'true',
}: Readonly<Record<string, string>>): string | undefined {
  return /^(true|false)$/i.test(polls)
    ? undefined
    : `must set PollForSourceChanges to 'true' or 'false', not '${polls}'`;
}
