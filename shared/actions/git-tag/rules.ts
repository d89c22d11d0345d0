import { problemOfProject } from '../web/git-hosts.ts';
import type { ParameterRule } from '../parameter-rules.ts';
import { fillPlaceholders } from '../release-facts.ts';

/** What must hold between the parameters. */
export const rules: readonly ParameterRule<{ readonly provider: string; readonly project: string }>[] = [
  {
    of: 'project',
    reads: ['provider', 'project'],
    problem: ({ provider, project }) => problemOfProject(provider, project),
  },
];

/** What git-check-ref-format(1) refuses. */
const refused = /[\x00-\x20\x7f~^:?*[\\]|\.\.|\/\/|@\{|^[-/.]|\/\.|[/.]$|\.lock(\/|$)|^@$/;

/** Whether a name is one that Git takes for a tag, and of at most 200 characters. */
export function isTagName(name: string): boolean {
  return name !== '' && name.length <= 200 && !refused.test(name);
}

/** Whether a template can become a tag's name, whatever its facts turn out to be. */
export function mayBeTagName(template: string): boolean {
  return isTagName(fillPlaceholders(template, () => 'x'));
}
