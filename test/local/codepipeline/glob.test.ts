import { expect, it } from 'vitest';
import { compileGlob, globProblem } from '../../../local/services/codepipeline/triggers/glob.ts';

it.each([
  ['*.java', 'Main.java', true],
  ['*.java', 'src/Main.java', false],
  ['*.*', 'a.b', true],
  ['*.*', 'ab', false],
  ['*.{java,class}', 'Main.class', true],
  ['*.{java,class}', 'Main.kt', false],
  ['foo.?', 'foo.c', true],
  ['foo.?', 'foo.', false],
  ['foo.?', 'foo./', false],
  ['**', 'src/deep/Main.java', true],
  ['src/**', 'src/deep/Main.java', true],
  ['src/**', 'src', false],
  ['src/*', 'src/Main.java', true],
  ['src/*', 'src/deep/Main.java', false],
  ['feature/**', 'feature/a/b', true],
  ['feature/*', 'feature/a/b', false],
  ['common/**/*.js', 'common/a/b.js', true],
  ['common/**/*.js', 'common/b.js', false],
  ['**/README.md', 'docs/README.md', true],
  ['**/README.md', 'README.md', false],
  ['v*', 'v1.2.3', true],
  ['*', '.env', true],
  ['a**z', 'a/b/z', true],
  ['[ab].txt', 'b.txt', true],
  ['[a-c].txt', 'd.txt', false],
  ['[!a-c].txt', 'd.txt', true],
  ['[!a]', '/', false],
  ['[*?\\]', '\\', true],
  ['[-a]', '-', true],
  ['[^a]', '^', true],
  ['\\*.txt', '*.txt', true],
  ['\\*.txt', 'a.txt', false],
  ['a,b', 'a,b', true],
  ['a}', 'a}', true],
  ['{a,}b', 'b', true],
  ['v1.0', 'v1x0', false],
  ['a|b', 'a', false],
  ['(a)+', 'aa', false],
])('[codepipeline.trigger.glob] reads %s as paths are matched in Java: %s %s', (glob, text, isMatch) => {
  expect(compileGlob(glob).test(text)).toBe(isMatch);
});

it.each([
  ['{a,{b,c}}', /\{ inside of \{\}/],
  ['{a,b', /\{ without its \}/],
  ['[ab', /\[ without its \]/],
  ['[]', /nothing inside of \[\]/],
  ['[a/b]', /slash inside of \[\]/],
  ['[z-a]', /range that is empty/],
  ['a\\', /backslash that escapes nothing/],
])('[codepipeline.trigger.glob] finds what is wrong with %s', (glob, problem) => {
  expect(globProblem(glob)).toMatch(problem);
});
