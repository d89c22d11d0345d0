/** GitHub's statuses of an issue, and how each is asked for. */
export const gitHubStatuses: Readonly<Record<string, unknown>> = {
  open: { state: 'open' },
  closed: { state: 'closed', state_reason: 'completed' },
  completed: { state: 'closed', state_reason: 'completed' },
  not_planned: { state: 'closed', state_reason: 'not_planned' },
};

/** GitLab's statuses of an issue, and the event that leads to each. */
export const gitLabStatuses: Readonly<Record<string, string>> = { opened: 'reopen', open: 'reopen', closed: 'close' };

/** The states of a change request as ServiceNow ships them; a model of your own may have others, by their numbers. */
export const changeStates: Readonly<Record<string, string>> = {
  new: '-5',
  assess: '-4',
  authorize: '-3',
  scheduled: '-2',
  implement: '-1',
  review: '0',
  closed: '3',
  canceled: '4',
};

const known: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  github: gitHubStatuses,
  gitlab: gitLabStatuses,
  servicenow: changeStates,
};

/** What is wrong with a status, in any case of letters; undefined for Jira's, which are each project's own. */
export function problemOfStatus(provider: string, to: string): string | undefined {
  const names = known[provider];
  if (!names || Object.hasOwn(names, to.toLowerCase())) return undefined;
  const isNumbered = provider === 'servicenow';
  if (isNumbered && /^-?\d{1,4}$/.test(to)) return undefined;
  const allowed = `${Object.keys(names).join(', ')}${isNumbered ? ", or a state's number" : ''}`;
  return `"${to}" is no status that ${provider} knows; take one of: ${allowed}`;
}
