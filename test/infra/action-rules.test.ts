import { Artifact } from 'aws-cdk-lib/aws-codepipeline';
import { describe, expect, it } from 'vitest';
import { checkUse } from '../../infra/pipelines/check-use.ts';
import { gitTag } from '../../shared/actions/git-tag/declaration.ts';
import { resolveImageDigest } from '../../shared/actions/resolve-image-digest/declaration.ts';
import { securityScan } from '../../shared/actions/security-scan/declaration.ts';
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

describe('resolve-image-digest at synth', () => {
  const uses = (parameters: object, ...inputs: Artifact[]) =>
    expect(() => checkUse('action', resolveImageDigest, { parameters, inputs }));

  it('refuses to look up nothing, and a file of no artifact', () => {
    uses({}).toThrow('no image is named; name them in images');
    uses({ tags: later, images: {} }, new Artifact('Source')).toThrow('no image is named');
    uses({ definitionsPath: later }).toThrow('set input to the one that holds it');
    uses({ definitionsPath: 'imagedefinitions.json' }, new Artifact()).not.toThrow();
    for (const image of ['nginx:1.29', later]) uses({ images: { web: image } }).not.toThrow();
  });
});

describe('security-scan at synth', () => {
  const uses = (parameters: object, ...names: (string | undefined)[]) =>
    expect(() => checkUse('action', securityScan, { parameters, inputs: names.map((name) => new Artifact(name)) }));
  const image = { repository: 'shop', tag: 'v1' };
  const dependencies = { scanners: ['dependencies'] };

  it.each([{}, { exclude: [later] }])('refuses scanners without the source that they read, beside %j', (more) => {
    uses(more).toThrow('the scanner secrets reads the source; set input');
    uses({ ...more, ...dependencies }).toThrow('the scanner dependencies reads the source');
    uses({ ...more }, 'Source', 'Build').toThrow('has 2 input artifacts; name the one with the source');
    uses({ ...more, scanners: ['image'], image }).not.toThrow();
    uses({ ...more }, 'Source').not.toThrow();
    uses({ ...more, source: 'Source' }, 'Source', 'Build').not.toThrow();
    uses({ ...more, scanners: [later] }).not.toThrow();
  });

  it('refuses files of artifacts that are no input, by the parameter', () => {
    const bom = { ...dependencies, sbom: 'Build::bom.json' };
    uses(bom).toThrow('parameters.sbom: artifact "Build" is no input of the action, which has: none; add it to inputs');
    uses(bom, 'Source').toThrow('which has: Source');
    uses(bom, 'Build').not.toThrow();
    uses(bom, 'Source', undefined).not.toThrow();
    uses({ ...bom, sbom: '#{Build.Artifact}::bom.json' }, 'Source').not.toThrow();
    uses({ source: 'Sauce' }, 'Source').toThrow('parameters.source: artifact "Sauce"');
    uses({ allowFile: 'Team::allow.json' }, 'Source').toThrow('parameters.allowFile: artifact "Team"');
    uses({ ...dependencies, advisories: { database: 'Osv::' } }, 'Source').toThrow(
      'parameters.advisories.database: artifact "Osv"',
    );
  });

  it.each([{}, { exclude: [later] }])('refuses what no scanner reads, beside %j', (more) => {
    uses({ ...more, sbom: 'Build::bom.json' }, 'Build').toThrow(
      'parameters.sbom: is what the scanner "dependencies" reads',
    );
    uses({ ...more, image }, 'Source').toThrow('parameters.image: must be there if, and only if');
    uses({ ...more, scanners: ['image'] }).toThrow('parameters.image: must be there if, and only if');
    uses({ ...more, scanners: ['image'], image: { ...image, tag: later } }).not.toThrow();
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
