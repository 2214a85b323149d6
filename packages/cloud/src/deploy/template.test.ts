import { describe, expect, it } from 'vitest';
import { dependencyGraph, inOrder, reversed } from './graph.ts';
import { evaluateConditions, resolve, type Scope } from './intrinsics.ts';
import { parameterValues } from './parameters.ts';
import { withScalars } from './scalars.ts';
import { physicalName } from './stackChange.ts';
import { checkTemplate, parseTemplate } from './template.ts';
import { parseYaml } from './yaml.ts';

const yaml = (text: string) => parseYaml(text, 'template.yaml');

describe('a template in YAML', () => {
  it.each([
    ['a folder', 'CodeUri: .', { CodeUri: '.' }],
    ['the version of the policy language', 'Version: 2012-10-17', { Version: '2012-10-17' }],
    ['a time', 'At: 10:20', { At: '10:20' }],
    ['an account id with a leading zero', 'Account: 012345678901', { Account: '012345678901' }],
    ['an account id', 'Account: 123456789012', { Account: 123456789012 }],
    ['a version that ends in zero', 'Runtime: 3.10', { Runtime: '3.10' }],
    ['a number', 'Timeout: 30', { Timeout: 30 }],
    ['a fraction', 'Rate: 0.5', { Rate: 0.5 }],
    ['words that YAML 1.1 takes for booleans', 'State: [on, off, yes, no]', { State: ['on', 'off', 'yes', 'no'] }],
    ['booleans', 'State: [true, false]', { State: [true, false] }],
    ['a hexadecimal text in quotes', 'Key: "0x10"', { Key: '0x10' }],
    ['a number larger than a double holds', 'Id: 12345678901234567890', { Id: '12345678901234567890' }],
  ])('keeps %s as it stands', (_, text, expected) => expect(yaml(text)).toEqual(expected));

  it.each([
    ['!Ref Orders', { Ref: 'Orders' }],
    ['!GetAtt Orders.Arn', { 'Fn::GetAtt': ['Orders', 'Arn'] }],
    ['!GetAtt Cluster.Endpoint.Address', { 'Fn::GetAtt': ['Cluster', 'Endpoint.Address'] }],
    ['!GetAtt [Orders, Arn]', { 'Fn::GetAtt': ['Orders', 'Arn'] }],
    ['!Sub "${A}-b"', { 'Fn::Sub': '${A}-b' }],
    ['!Join ["-", [a, !Ref B]]', { 'Fn::Join': ['-', ['a', { Ref: 'B' }]] }],
    ['!If [IsProd, 1, !Ref "AWS::NoValue"]', { 'Fn::If': ['IsProd', 1, { Ref: 'AWS::NoValue' }] }],
    ['!Not [!Equals [a, b]]', { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }],
    ['!Select [0, !GetAZs ""]', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!Base64 abc', { 'Fn::Base64': 'abc' }],
    ['!Condition IsProd', { Condition: 'IsProd' }],
    ['!ImportValue 0123', { 'Fn::ImportValue': '0123' }],
  ])('takes the short form %s', (text, expected) => expect(yaml(`X: ${text}`)).toEqual({ X: expected }));

  it('takes anchors, aliases and merges', () => {
    expect(yaml('a: &base { x: 1, y: 2 }\nb: { <<: *base, y: 3 }\nc: *base')).toEqual({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 3 },
      c: { x: 1, y: 2 },
    });
  });

  it('says where it is not YAML', () => {
    expect(() => yaml('a: [1, 2\nb: 3')).toThrow(/template\.yaml is not valid YAML: .*line 2/s);
  });
});

describe('a file that is no template', () => {
  it.each([
    ['[1, 2]', 'is not a template: it must be a mapping'],
    ['{"Resources": {', 'is not valid JSON'],
    ['{"Resources": {}}', 'the section Resources is missing or empty'],
    ['{"Resources": {"A": {}}, "Nonsense": 1}', 'Nonsense is no section of a template'],
    ['{"Resources": {"A": {}}}', 'Resources.A.Type is missing'],
    ['{"Resources": {"A": {"Type": "T", "Properties": []}}}', 'Resources.A.Properties must be a mapping'],
    [
      '{"Parameters": {"A": {"Type": "String"}}, "Resources": {"A": {"Type": "T"}}}',
      'A is both a parameter and a resource: a name can be only one of them',
    ],
    ['{"Transform": "AWS::Serverless-2016-10-31", "Resources": {"A": {"Type": "T"}}}', 'the SAM transform'],
    ['{"Resources": {"Fn::ForEach::Topics": []}}', 'loops (Fn::ForEach) are not supported'],
  ])('%s: %s', (text, message) => expect(() => parseTemplate(text, 'x.json')).toThrow(message));
});

const scopeOf = (template: object, more: Partial<Scope> = {}): Scope => {
  const base: Omit<Scope, 'conditions'> = {
    template: checkTemplate({ Resources: { A: { Type: 'T' } }, ...template }, 'test'),
    account: '111122223333',
    region: 'eu-west-1',
    stackName: 'shop',
    stackId: 'arn:stack',
    notificationArns: [],
    parameters: { Stage: 'prod', Zones: ['a', 'b'] },
    physicalId: (logicalId) => (logicalId === 'Orders' ? 'orders-1' : undefined),
    attribute: (logicalId, attribute) => `${logicalId}!${attribute}`,
    exported: (name) => (name === 'shared-vpc' ? 'vpc-1' : undefined),
    ...more,
  };
  return { ...base, conditions: evaluateConditions(base) };
};

describe('intrinsic functions', () => {
  const template = {
    Mappings: { Sizes: { prod: { memory: 1024, zones: ['x', 'y'] } } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsTest' }, { Condition: 'IsProd' }] },
      Both: { 'Fn::And': [{ Condition: 'IsTest' }, { Condition: 'IsProd' }] },
    },
  };
  it.each([
    [{ Ref: 'Stage' }, 'prod'],
    [{ Ref: 'Zones' }, ['a', 'b']],
    [{ Ref: 'Orders' }, 'orders-1'],
    [{ Ref: 'AWS::Region' }, 'eu-west-1'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ 'Fn::GetAtt': ['Orders', 'Arn'] }, 'Orders!Arn'],
    [{ 'Fn::GetAtt': 'Orders.Arn' }, 'Orders!Arn'],
    [
      { 'Fn::Sub': 'arn:${AWS::Partition}:x:${Orders}/${Orders.Arn}/${!Literal}' },
      'arn:aws:x:orders-1/Orders!Arn/${Literal}',
    ],
    [{ 'Fn::Sub': ['${a}-${Stage}', { a: { Ref: 'AWS::AccountId' } }] }, '111122223333-prod'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 1]] }, 'a-prod-1'],
    [{ 'Fn::Join': [',', { Ref: 'Zones' }] }, 'a,b'],
    [{ 'Fn::Select': ['1', { Ref: 'Zones' }] }, 'b'],
    [{ 'Fn::Split': ['/', 'a/b/c'] }, ['a', 'b', 'c']],
    [{ 'Fn::Select': [2, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'c'],
    [{ 'Fn::If': ['IsProd', 'yes', 'no'] }, 'yes'],
    [{ 'Fn::If': ['IsTest', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Either', 1, 2] }, 1],
    [{ 'Fn::If': ['Both', 1, 2] }, 2],
    [{ a: 1, b: { 'Fn::If': ['IsTest', 'yes', { Ref: 'AWS::NoValue' }] } }, { a: 1 }],
    [
      [1, { Ref: 'AWS::NoValue' }, 2],
      [1, 2],
    ],
    [{ 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, 1024],
    [{ 'Fn::FindInMap': ['Sizes', 'test', 'memory', { DefaultValue: 128 }] }, 128],
    [{ 'Fn::ImportValue': 'shared-vpc' }, 'vpc-1'],
    [{ 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }, ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'eu-west-1a'],
    [{ 'Fn::GetAZs': 'us-east-1' }, ['us-east-1a', 'us-east-1b', 'us-east-1c']],
    [{ 'Fn::Length': { Ref: 'Zones' } }, 2],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Stage' } } }, '{"a":"prod"}'],
    [
      { Ref: 'Stage', other: 1 },
      { Ref: 'Stage', other: 1 },
    ],
  ])('%j is %j', (value, expected) => expect(resolve(value, scopeOf(template))).toEqual(expected));

  it.each([
    [{ Ref: 'Nothing' }, "Ref names 'Nothing', which is neither a parameter nor a resource"],
    [{ 'Fn::Select': [5, ['a']] }, 'cannot select element 5 of a list of 1'],
    [{ 'Fn::FindInMap': ['Sizes', 'x', 'y'] }, 'finds nothing at Mappings.Sizes.x.y'],
    [{ 'Fn::ImportValue': 'missing' }, 'No export named missing found'],
    [{ 'Fn::If': ['Nope', 1, 2] }, "there is no condition 'Nope'"],
    [{ 'Fn::Transform': {} }, 'Fn::Transform is not supported'],
    [{ 'Fn::Cidr': ['10.0.0.0/30', 9, 8] }, 'Fn::Cidr cannot make 9 blocks'],
    [{ 'Fn::Join': ['-'] }, 'Fn::Join must have a delimiter and a list'],
  ])('%j: %s', (value, message) => expect(() => resolve(value, scopeOf(template))).toThrow(message));

  it('finds conditions that depend on themselves', () => {
    expect(() => scopeOf({ Conditions: { A: { Condition: 'B' }, B: { Condition: 'A' } } })).toThrow(
      "the condition 'A' depends on itself",
    );
  });
});

describe('parameters', () => {
  const values = (declarations: object, given: Record<string, string> = {}, previous: Record<string, string> = {}) =>
    parameterValues({
      template: checkTemplate({ Resources: { Thing: { Type: 'T' } }, Parameters: declarations }, 'test'),
      given,
      previous,
      ssm: async (name) => `value of ${name}`,
    });

  it('are given, else as before, else the default', async () => {
    const declarations = {
      A: { Type: 'String', Default: 'd' },
      B: { Type: 'String', Default: 'd' },
      C: { Type: 'Number', Default: 3 },
    };
    expect(await values(declarations, { A: 'given' }, { A: 'before', B: 'before' })).toEqual({
      A: 'given',
      B: 'before',
      C: '3',
    });
  });

  it("of list types are lists, of SSM types are looked up, and CDK's bootstrap version is there", async () => {
    expect(
      await values({
        List: { Type: 'CommaDelimitedList', Default: 'a, b' },
        Subnets: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 's-1,s-2' },
        Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/topic' },
        BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/cdk-bootstrap/hnb659fds/version' },
      }),
    ).toEqual({ List: ['a', 'b'], Subnets: ['s-1', 's-2'], Stored: 'value of /topic', BootstrapVersion: '30' });
  });

  it('without a value are named all at once, with what to type', async () => {
    await expect(
      values({ Email: { Type: 'String', Description: 'who gets alarms' }, Key: { Type: 'String' } }),
    ).rejects.toThrow(
      /parameter Email \(String\) has no default and no value: who gets alarms\n.*parameter Key.*\n.*--parameters Email=… Key=…/s,
    );
  });

  it.each([
    [{ Type: 'String', AllowedValues: ['dev', 'prod'] }, 'test', 'allowed are dev, prod'],
    [
      { Type: 'String', AllowedPattern: '[a-z]+', ConstraintDescription: 'small letters' },
      'A1',
      'it must match [a-z]+ (small letters)',
    ],
    [{ Type: 'String', MinLength: 3 }, 'ab', 'at least 3 characters'],
    [{ Type: 'String', MaxLength: '3' }, 'abcd', 'at most 3 characters'],
    [{ Type: 'Number', MinValue: 10 }, '9', 'at least 10'],
    [{ Type: 'Number', MaxValue: 10 }, '11', 'at most 10'],
    [{ Type: 'Number' }, 'many', 'it must be a number'],
  ])('%j refuses %s: %s', async (declaration, value, message) => {
    await expect(values({ P: declaration }, { P: value })).rejects.toThrow(message);
  });
});

describe('the order of resources', () => {
  const type = 'T';
  const graphOf = (resources: Record<string, object>) => {
    const full = Object.fromEntries(Object.entries(resources).map(([name, rest]) => [name, { Type: type, ...rest }]));
    return dependencyGraph(full, full);
  };

  it('follows Ref, GetAtt, Sub and DependsOn', async () => {
    const graph = graphOf({
      A: {
        Properties: {
          x: { Ref: 'B' },
          y: [{ 'Fn::GetAtt': ['C', 'Arn'] }],
          z: { 'Fn::Sub': '${D.Arn} ${AWS::Region}' },
        },
        DependsOn: ['E'],
      },
      B: {},
      C: { DependsOn: 'B' },
      D: {},
      E: {},
    });
    expect([...(graph.get('A') ?? [])].sort()).toEqual(['B', 'C', 'D', 'E']);
    const order: string[] = [];
    await inOrder(graph, async (name) => void order.push(name));
    expect(order.indexOf('C')).toBeGreaterThan(order.indexOf('B'));
    expect(order.at(-1)).toBe('A');
    const back: string[] = [];
    await inOrder(reversed(graph), async (name) => void back.push(name));
    expect(back[0]).toBe('A');
  });

  it('names a circle', () => {
    expect(() =>
      graphOf({ A: { DependsOn: 'B' }, B: { Properties: { x: { Ref: 'C' } } }, C: { DependsOn: 'A' } }),
    ).toThrow('resources depend on each other in a circle: A -> B -> C -> A');
  });

  it('names what DependsOn cannot find', () => {
    expect(() => graphOf({ A: { DependsOn: 'Missing' } })).toThrow("Resources.A.DependsOn names 'Missing'");
  });

  it('begins nothing new after a failure', async () => {
    const done: string[] = [];
    const errors = await inOrder(graphOf({ A: {}, B: { DependsOn: 'A' } }), async (name) => {
      if (name === 'A') throw new Error('no');
      done.push(name);
    });
    expect(errors).toMatchObject([{ name: 'A', error: { message: 'no' } }]);
    expect(done).toEqual([]);
  });
});

it('numbers and booleans that a template gives as text become what they are', () => {
  const properties = {
    Timeout: '30',
    Throughput: { Read: '5' },
    Rules: [{ Enabled: 'true' }, { Enabled: 'maybe' }],
    Name: '12',
  };
  expect(
    withScalars(properties, {
      Timeout: 'number',
      'Throughput.Read': 'number',
      'Rules[].Enabled': 'boolean',
      Missing: 'number',
    }),
  ).toEqual({ Timeout: 30, Throughput: { Read: 5 }, Rules: [{ Enabled: true }, { Enabled: 'maybe' }], Name: '12' });
});

it.each([
  ['shop', 'Orders', 64, 'shop-Orders-ABCDEFGHIJKL'],
  [
    'a-very-long-stack-name-that-goes-on',
    'AVeryLongLogicalIdThatGoesOnToo',
    40,
    'a-very-long-s-AVeryLongLogi-ABCDEFGHIJKL',
  ],
  ['s', 'AVeryLongLogicalIdThatGoesOnToo', 40, 's-AVeryLongLogicalIdThatGoe-ABCDEFGHIJKL'],
])('the physical name of %s/%s in %i characters is %s', (stack, logicalId, maxLength, expected) => {
  expect(physicalName(stack, logicalId, 'ABCDEFGHIJKL', maxLength)).toBe(expected);
});
