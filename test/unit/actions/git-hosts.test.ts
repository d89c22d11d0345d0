import { expect, it } from 'vitest';
import { gitHubApi, gitLabProject } from '../../../shared/actions/web/git-hosts.ts';
import { webUrlSchema } from '../../../shared/actions/web/web-url.ts';

it.each([
  [undefined, 'https://api.github.com'],
  ['https://github.com', 'https://api.github.com'],
  ['https://api.github.com', 'https://api.github.com'],
  ['https://github.acme.example', 'https://github.acme.example/api/v3'],
  ['https://github.acme.example/api/v3', 'https://github.acme.example/api/v3'],
  ['https://proxy.acme.example/github', 'https://proxy.acme.example/github'],
  ['https://proxy.acme.example/github/api/v3', 'https://proxy.acme.example/github/api/v3'],
  ['https://acme.ghe.com', 'https://api.acme.ghe.com'],
  ['https://api.acme.ghe.com', 'https://api.acme.ghe.com'],
])('a repository of the GitHub at %s is below %s', (url, api) => {
  const { baseUrl } = gitHubApi({ url, project: 'acme/shop', credentials: { kind: 'token', token: 't' } });
  expect(baseUrl).toBe(`${api}/repos/acme/shop`);
});

it.each([
  [undefined, 'https://gitlab.com/api/v4'],
  ['https://gitlab.acme.example', 'https://gitlab.acme.example/api/v4'],
  ['https://acme.example/gitlab/api/v4', 'https://acme.example/gitlab/api/v4'],
])('a project of the GitLab at %s is below %s', (url, api) => {
  expect(gitLabProject(url, 'acme/shop')).toBe(`${api}/projects/acme%2Fshop`);
});

it.each(['https://gitlab.acme.example', 'https://acme.example/gitlab'])(
  'a site may be written with slashes at its end: %s',
  (site) => {
    expect(webUrlSchema.parse(`${site}/`)).toBe(site);
    expect(webUrlSchema.parse(`${site}//`)).toBe(site);
  },
);
