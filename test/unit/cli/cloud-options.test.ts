import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCloudOptions, type CloudOptions } from '../../../cli/commands/cloud-options.ts';

function parse(...args: string[]): CloudOptions {
  const command = addCloudOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts<CloudOptions>();
}

describe('the options of a local cloud', () => {
  it('are nothing if nothing is given', () => {
    expect(parse()).toEqual({ reset: false, sourceRepo: {}, notRun: [] });
  });

  it('map each source repository to a folder, and name each provider that is not run', () => {
    const options = parse(
      ...['--source-repo', `acme/shop=${tmpdir()}`, '--source-repo', 'shop=.'],
      ...['--not-run', 'CodeBuild', '--not-run', 'CloudFormation'],
    );
    expect(options.sourceRepo).toEqual({ 'acme/shop': tmpdir(), shop: resolve('.') });
    expect(options.notRun).toEqual(['CodeBuild', 'CloudFormation']);
  });

  it.each([
    [['--source-repo', 'acme/shop'], /Give it as owner\/name=DIR/],
    [['--source-repo', '=.'], /Give it as owner\/name=DIR/],
    [['--source-repo', 'acme/shop=/nowhere/at/all'], /There is no folder \/nowhere\/at\/all/],
    [['--source-repo', 'a/b=.', '--source-repo', 'a/b=.'], /a\/b has a folder already/],
    [['--not-run', 'Code Build'], /one provider, such as CodeBuild/],
    [['--port', '70000'], /1 to 65535/],
    [['--speed', '0'], /numbers above 0/],
  ])('refuse %j', (args, why) => {
    expect(() => parse(...args)).toThrow(why);
  });
});
