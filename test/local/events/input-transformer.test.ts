import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputTransformer } from '@aws-sdk/client-eventbridge';
import type { BusEvent } from '../../../local/services/events/event.ts';
import { minified } from '../../../local/services/events/input-transformer.ts';
import { targetInput } from '../../../local/services/events/target-input.ts';

const event: BusEvent = {
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'EC2 Instance State-change Notification',
  source: 'aws.ec2',
  account: '123456789012',
  time: '2015-11-11T21:29:54Z',
  region: 'us-east-1',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111'],
  detail: { 'instance-id': 'i-0123456789', state: 'RUNNING', tags: { a: 'b' }, none: null, on: true },
};
const InputPathsMap = {
  timestamp: '$.time',
  instance: '$.detail.instance-id',
  state: '$.detail.state',
  tags: '$.detail.tags',
  none: '$.detail.none',
  on: '$.detail.on',
  resource: '$.resources[0]',
  resources: '$.resources[*]',
  missing: '$.detail.missing',
};

function input(InputTemplate: string, paths: InputTransformer['InputPathsMap'] = InputPathsMap): string {
  const by = { ruleArn: 'arn:aws:events:us-east-2:123456789012:rule/example', ruleName: 'example', ingestedAtMs: 0 };
  return targetInput({ Id: 't', Arn: 'arn', InputTransformer: { InputPathsMap: paths, InputTemplate } }, event, by);
}

describe('the examples of the EventBridge user guide', () => {
  it.each<[string, string, string]>([
    ['a text', '"instance <instance> is in <state>"', '"instance i-0123456789 is in RUNNING"'],
    ['escaped quotes', '"instance \\"<instance>\\" is in <state>"', '"instance \\"i-0123456789\\" is in RUNNING"'],
    [
      'JSON, minified',
      '{\n  "instance" : <instance>,\n  "state": <state>\n}',
      '{"instance":"i-0123456789","state":"RUNNING"}',
    ],
    [
      'JSON with texts and variables',
      '{"instance" : <instance>, "state": "<state>", "instanceStatus": "instance \\"<instance>\\" is in <state>"}',
      '{"instance":"i-0123456789","state":"RUNNING","instanceStatus":"instance \\"i-0123456789\\" is in RUNNING"}',
    ],
    [
      'variables and fixed values',
      '{"instance" : <instance>, "state": [ 9, <state>, true ], "Transformed" : "Yes"}',
      '{"instance":"i-0123456789","state":[9,"RUNNING",true],"Transformed":"Yes"}',
    ],
    [
      'reserved variables in JSON',
      '{"ruleArn" : <aws.events.rule-arn>, "ruleName" : <aws.events.rule-name>}',
      '{"ruleArn":"arn:aws:events:us-east-2:123456789012:rule/example","ruleName":"example"}',
    ],
    ['reserved variables in a text', '"<aws.events.rule-name> triggered"', '"example triggered"'],
  ])('[events.input.examples] %s', (_name, template, expected) => {
    expect(input(template)).toBe(expected);
  });
});

describe('the sharp edges of templates', () => {
  it.each<[string, string, string]>([
    [
      '[events.input.missing-path] nothing for a path that is not there, inside a text',
      '{"a":"[<missing>]"}',
      '{"a":"[]"}',
    ],
    ['[events.input.missing-path] an empty text for it outside', '{"a":<missing>}', '{"a":""}'],
    [
      '[events.input.types] null, true and objects as they are',
      '{"a":[<none>,<on>,<tags>]}',
      '{"a":[null,true,{"a":"b"}]}',
    ],
    ['[events.input.object-in-text] an object inside a text without its quotes', '{"a":"<tags>"}', '{"a":"{a:b}"}'],
    [
      '[events.input.paths] an element of a list, and all of them',
      '{"a":<resource>,"b":<resources>}',
      `{"a":"${event.resources[0]}","b":["${event.resources[0]}"]}`,
    ],
    [
      '[events.input.ingestion-time] the time of ingestion',
      '{"a":<aws.events.event.ingestion-time>}',
      '{"a":"1970-01-01T00:00:00Z"}',
    ],
    ['[events.input.minified] no space outside of texts', '{ "a b" : "c  d\\" e" }', '{"a b":"c  d\\" e"}'],
  ])('%s', (_name, template, expected) => {
    expect(input(template)).toBe(expected);
  });

  it('[events.input.event-variables] gives the event without its detail, and with it', () => {
    const { detail: _detail, ...envelope } = event;
    expect(JSON.parse(input('{"e":<aws.events.event>,"j":<aws.events.event.json>}'))).toEqual({
      e: envelope,
      j: event,
    });
  });

  it('[events.input.unescaped] does not escape what it puts into a text', () => {
    const odd = () => input('{"a":"<odd>"}', { odd: '$.detail.odd' });
    Object.assign(event.detail, { odd: 'say "hi"' });
    expect(odd).toThrow('not valid JSON');
    delete event.detail['odd'];
    expect(odd()).toBe('{"a":""}');
  });

  it('[events.input.minified] leaves the value of any JSON as it is', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(1, 2, '\t'), (json, indent) => {
        const value: unknown = JSON.parse(json);
        expect(minified(JSON.stringify(value, undefined, indent))).toBe(JSON.stringify(value));
      }),
    );
  });
});
