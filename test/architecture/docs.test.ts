import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '../../shared/actions/registry.ts';
import { verbs } from '../../shared/commands/registry.ts';
import { eventSchema } from '../../shared/events/event.ts';
import { triggerDeclarations } from '../../shared/triggers/registry.ts';
import { repositoryFiles, root } from './repository.ts';

/** Pages that people read. */
const pages = repositoryFiles().filter((file) => file.endsWith('.md') && !file.startsWith('test/'));

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8');

/** Targets of links that stay in the repository, without their anchors. */
function relativeLinks(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^([a-z]+:|#)/.test(target))
    .map((target) => target.replace(/#.*$/, ''));
}

const topFolders = 'bench|cli|docs|examples|functions|infra|local|scripts|shared|state-machines|test';

/**
 * Paths in `code` that begin with a folder of the repository; `<name>`, `*` and `…` stand for something, so what lies
 * before them must exist.
 */
function namedPaths(text: string): string[] {
  const spans = text.replace(/```[\s\S]*?```/g, '').matchAll(/`([^`\n]+)`/g);
  return [...spans]
    .map(([, span = '']) => span)
    .filter((span) => new RegExp(`^(${topFolders})/[^\\s]*$`).test(span))
    .map((span) => (/[<*…{]/.test(span) ? dirname(`${span.split(/[<*…{]/)[0]}x`) : span));
}

/** Anchors as code hosts make them from headings. */
function anchorsOf(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe.each(pages)('%s', (page) => {
  it('links to what exists', () => {
    const dead = relativeLinks(textOf(page)).filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(dead).toEqual([]);
  });

  it('links to headings that exist', () => {
    const dead = [...textOf(page).matchAll(/\]\(([^)\s:#]*)#([^)\s]+)\)/g)].filter(([, target = '', anchor = '']) => {
      const file = target === '' ? page : normalize(join(dirname(page), target));
      return !anchorsOf(textOf(file)).has(anchor);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  it('names files that exist', () => {
    const missing = namedPaths(textOf(page)).filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });

  it('never names localhost, where 127.0.0.1 is what listens', () => {
    expect(textOf(page)).not.toMatch(/localhost/i);
  });
});

describe('the pages together', () => {
  const glossary = textOf('docs/glossary.md');
  const all = pages.map(textOf).join('\n');

  it('name every action, verb and trigger', () => {
    const ids = [...actions.map(({ id }) => id), ...verbs, ...triggerDeclarations.map(({ id }) => id)];
    expect(ids.filter((id) => !all.includes(id))).toEqual([]);
  });

  it('explain every type of event', () => {
    const types = eventSchema.def.options.flatMap((option) => option.shape.type.def.values);
    expect(types.filter((type) => !glossary.includes(`\`${type}\``))).toEqual([]);
  });

  it('number the decisions without a gap, and list each', () => {
    const decisions = pages.filter((page) => /^docs\/decisions\/\d{3}-[a-z0-9-]+\.md$/.test(page)).toSorted();
    const numbers = decisions.map((page) => Number(page.slice('docs/decisions/'.length, 'docs/decisions/'.length + 3)));
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
    const listed = relativeLinks(textOf('docs/decisions/README.md'));
    expect(listed.toSorted()).toEqual(decisions.map((page) => page.slice('docs/decisions/'.length)));
  });
});
