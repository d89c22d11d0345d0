import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compatibilities } from '../../local/compatibility.ts';
import { actionProviders } from '../../local/services/codepipeline/providers/registry.ts';
import { ruleProviders } from '../../local/services/codepipeline/rules/registry.ts';
import { surveyCloud, type Survey } from '../../scripts/compatibility/survey.ts';
import { pagePath, writtenPage } from '../../scripts/compatibility/write.ts';
import { repositoryFiles, root } from './repository.ts';

const rules = compatibilities.flatMap((each) => each.rules);

const idsAtTheStart = /(?<=['"`](?:\[[a-z0-9.-]+\] )*)\[([a-z][a-z0-9]*(?:\.[a-z0-9-]+)+)\]/g;

/** Every rule id that begins the name of a test (several one after the other), or a row of a table of tests, with its files. */
function idsInTests(): Map<string, string[]> {
  const files = repositoryFiles().filter((file) => /^test\/.*\.test\.ts$/.test(file));
  const found = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(idsAtTheStart)].map(([, id = '']) => ({ file, id })),
  );
  return new Map(
    [...Map.groupBy(found, ({ id }) => id)].map(([id, those]) => [id, [...new Set(those.map(({ file }) => file))]]),
  );
}

describe('docs/compatibility.md', () => {
  it('is what the code and the declarations say', async () => {
    const written = existsSync(pagePath) ? readFileSync(pagePath, 'utf8') : '';
    const isCurrent = written === (await writtenPage());
    expect(isCurrent, 'docs/compatibility.md is out of date: run "npm run compatibility" and commit it').toBe(true);
  });
});

describe('the features of CodePipeline', () => {
  const { features = [] } = compatibilities.find(({ id }) => id === 'codepipeline') ?? {};
  const names = features.flatMap((table) => table.features.map(({ name }) => name.replaceAll(' ', '')));

  it('have every action provider and every rule that runs', () => {
    const providers = actionProviders.map(({ type }) => `${type.category}:${type.provider}`);
    const rulesThatRun = ruleProviders.map(({ type }) => type.provider);
    expect([...providers, ...rulesThatRun].filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe('the declarations of compatibility', () => {
  it('lie beside each service, and each is in the list', () => {
    const files = repositoryFiles()
      .filter((file) => /^local\/.*\/compatibility(\/compatibility)?\.ts$/.test(file))
      // The contract is beside the folders of the services.
      .filter((file) => file !== 'local/services/compatibility.ts');
    const list = readFileSync(join(root, 'local/compatibility.ts'), 'utf8');
    expect(files.filter((file) => !list.includes(`'./${file.slice('local/'.length)}'`))).toEqual([]);
    expect(files).toHaveLength(compatibilities.length);
  });

  it.each(compatibilities)('name the rules of $title after it, each once', ({ id, rules: own }) => {
    const pattern = new RegExp(`^${id}(\\.[a-z0-9]+(-[a-z0-9]+)*)+$`);
    const ids = own.map((rule) => rule.id);
    expect(ids.filter((rule) => !pattern.test(rule))).toEqual([]);
    expect(ids.filter((rule, index) => ids.indexOf(rule) !== index)).toEqual([]);
  });

  it('say each rule in a sentence, with a public page or that there is none', () => {
    const sources = /^(inferred|unverified|https:\/\/(?!.*(127\.0\.0\.1|localhost)).+\..+\/.+)$/;
    expect(rules.filter(({ source }) => !sources.test(source)).map(({ id }) => id)).toEqual([]);
    // No title of a test: it has places for values (%s), and seldom a full stop.
    const sentence = /^(?!.*(%[sijo]\b|…)).{15,}[.”]$/;
    expect(rules.filter(({ rule }) => !sentence.test(rule)).map(({ id }) => id)).toEqual([]);
  });

  it('have a test for each rule, with its id in the name', () => {
    const tested = idsInTests();
    expect(rules.filter(({ id }) => !tested.has(id)).map(({ id }) => id)).toEqual([]);
  });

  it('have every rule that a test has in its name', () => {
    const declared = new Set(rules.map(({ id }) => id));
    const others = [...idsInTests()].filter(([id]) => !declared.has(id));
    expect(Object.fromEntries(others)).toEqual({});
  });
});

describe('what the declarations say of operations', () => {
  let survey: Survey;
  beforeAll(async () => {
    survey = await surveyCloud(compatibilities.map(({ id, apiName }) => apiName ?? id));
  });

  it('is tried on a tour of each service that has an API, which calls every operation through the SDK', () => {
    const tours = repositoryFiles().filter((file) => /^test\/local\/tour\/[a-z0-9-]+\.test\.ts$/.test(file));
    const toured = tours.map((file) => file.slice('test/local/tour/'.length, -'.test.ts'.length));
    expect(toured.toSorted()).toEqual([...survey.operations.keys()].toSorted());
  });

  it.each(compatibilities)('fits what $title answers', ({ id, apiName = id, partly = {}, refused = [] }) => {
    const { known = [], answered = new Set<string>() } = survey.operations.get(apiName) ?? {};
    expect(Object.keys(partly).filter((name) => !answered.has(name))).toEqual([]);
    const names = refused.flatMap((group) => group.operations);
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
