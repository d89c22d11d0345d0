import { describe, expect, it } from 'vitest';
import { checkUse } from '../../infra/pipelines/check-use.ts';
import { gitTag } from '../../shared/actions/git-tag/declaration.ts';
import { sendNotification } from '../../shared/actions/send-notification/declaration.ts';
import { updateDashboard } from '../../shared/actions/update-dashboard/declaration.ts';
import { updateTicket } from '../../shared/actions/update-ticket/declaration.ts';

/** Known only when the pipeline runs, and no value that a schema takes: none comes to the rules of the whole. */
const later = '#{Build.Anything at all}';

describe('git-tag at synth', () => {
  const uses = (parameters: object) =>
    expect(() =>
      checkUse('action', gitTag, {
        parameters: { provider: 'github', secret: 's', project: 'acme/shop', tag: 'v1', ...parameters },
      }),
    );

  it.each([{}, { commit: later }])('refuses a project that the host does not have, beside %j', (more) => {
    uses({ ...more, project: 'shop' }).toThrow('parameters.project: "shop" is not a repository on GitHub');
    uses({ ...more, project: 'https://github.com/acme/shop' }).toThrow('is not a repository on GitHub');
    uses({ ...more, provider: 'gitlab', project: 'shop' }).toThrow('parameters.project: "shop" is not a project on');
    for (const project of ['acme/shop', 'acme/tools/shop', '17'])
      uses({ ...more, provider: 'gitlab', project }).not.toThrow();
    uses({ ...more, project: '#{Build.Repository}' }).not.toThrow();
    uses({ ...more }).not.toThrow();
  });

  it('refuses a tag that Git does not take, as far as it is known', () => {
    for (const tag of ['v 1', 'v1..2', '-{{service}}', '{{service}}/', '{{service}}.lock'])
      uses({ tag }).toThrow('parameters.tag: must be the name of a tag');
    for (const tag of ['v1', '{{service}}-{{shortCommit}}', '{{ service }}', 'v#{Build.Version}'])
      uses({ tag }).not.toThrow();
  });
});

describe('send-notification at synth', () => {
  const uses = (parameters: object) => expect(() => checkUse('action', sendNotification, { parameters }));

  it('refuses two places, and none, also where one is known only later', () => {
    uses({ topicArn: '#{Build.Topic}', webhookSecret: 'slack' }).toThrow('name either a topicArn or a webhookSecret');
    uses({ message: 'x' }).toThrow('name either a topicArn or a webhookSecret');
    uses({ topicArn: '#{Build.Topic}' }).not.toThrow();
  });
});

describe('update-dashboard at synth', () => {
  const uses = (parameters: object) => expect(() => checkUse('action', updateDashboard, { parameters }));

  it('refuses to mark nothing, and a graph of no dashboard, also where another value is known only later', () => {
    uses({ provider: 'cloudwatch', text: later }).toThrow('name a dashboard, a metric or both');
    const metric = { namespace: later.repeat(20), name: 'Released' };
    uses({ provider: 'cloudwatch', metric, widget: 'Errors' }).toThrow('parameters.widget: is a graph of a dashboard');
    uses({ provider: 'cloudwatch', metric }).not.toThrow();
    uses({ provider: 'cloudwatch', dashboard: later }).not.toThrow();
    uses({ provider: 'grafana', url: later, secret: 's' }).not.toThrow();
  });
});

describe('update-ticket at synth', () => {
  const uses = (parameters: object) =>
    expect(() => checkUse('action', updateTicket, { parameters: { secret: 's', comment: 'x', ...parameters } }));

  it.each([{}, { secret: later }])('refuses what does not fit together, beside %j', (more) => {
    const github = { ...more, provider: 'github', project: 'acme/shop' };
    const jira = { ...more, provider: 'jira', url: 'https://acme.atlassian.net' };
    const gateway = { ...jira, url: 'https://api.atlassian.com/ex/jira/1' };
    uses({ ...github, transition: 'Done' }).toThrow(
      'parameters.transition: "Done" is no status that github knows; take one of: open, closed, completed, not_planned',
    );
    uses({ ...github, project: 'shop' }).toThrow('parameters.project: "shop" is not a repository');
    uses({ ...github, project: undefined }).toThrow('parameters.project: is needed');
    uses({ ...more, provider: 'gitlab', project: 'a/b', transition: 'Done' }).toThrow('no status that gitlab knows');
    uses({ ...more, provider: 'servicenow', url: 'https://a.b', transition: 'Done' }).toThrow("or a state's number");
    uses({ ...more, provider: 'jira' }).toThrow('parameters.url: is needed');
    uses(gateway).toThrow('parameters.site: is needed');
    uses({ ...jira, comment: undefined }).toThrow('parameters: ask for something to be done');
  });

  it('leaves be what fits, and what is known only later', () => {
    const github = { provider: 'github', project: 'acme/shop' };
    uses({ ...github, transition: 'Closed' }).not.toThrow();
    uses({ ...github, transition: '#{Build.Status}' }).not.toThrow();
    uses({ provider: 'jira', url: 'https://acme.atlassian.net', transition: 'Ready for QA' }).not.toThrow();
    uses({ provider: 'jira', url: '#{Build.Jira}', transition: 'Done' }).not.toThrow();
    uses({ provider: 'servicenow', url: 'https://a.b', transition: '-4' }).not.toThrow();
    uses({ provider: 'jira', url: 'https://api.atlassian.com/ex/jira/1', site: 'https://a.b' }).not.toThrow();
  });
});
