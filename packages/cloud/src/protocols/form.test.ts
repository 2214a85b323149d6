import * as cloudformation from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { parseForm, readForm } from './form.ts';
import { readSchema, type Shape } from './schema.ts';

const TEXT: Shape = { kind: 'string', traits: {} };
const listOf = (traits: Shape['traits'], member: Shape = TEXT): Shape => ({
  kind: 'list',
  name: 'List',
  traits,
  member,
});
const mapOf = (traits: Shape['traits']): Shape => ({ kind: 'map', name: 'Map', traits, key: TEXT, value: TEXT });
const structureOf = (members: Record<string, Shape>): Shape => ({
  kind: 'structure',
  name: 'Structure',
  traits: {},
  required: 0,
  members: new Map(Object.entries(members)),
});
const named = (shape: Shape, xmlName: string): Shape => ({ ...shape, memberTraits: { xmlName } });

describe('a form', () => {
  it.each([
    ['a list', listOf({}), 'L.member.1=a&L.member.2=b', { L: ['a', 'b'] }],
    [
      'a list in the order of its numbers',
      listOf({}),
      'L.member.10=c&L.member.2=b&L.member.1=a',
      { L: ['a', 'b', 'c'] },
    ],
    ['an empty list', listOf({}), 'L=', { L: [] }],
    ['a list whose members have a name', listOf({}, named(TEXT, 'item')), 'L.item.1=a', { L: ['a'] }],
    ['a flattened list', listOf({ xmlFlattened: 1 }), 'L.1=a&L.2=b', { L: ['a', 'b'] }],
    ['a member under its own name', named(listOf({}), 'Other'), 'Other.member.1=a', { L: ['a'] }],
    ['a map', mapOf({}), 'L.entry.1.key=k&L.entry.1.value=v', { L: { k: 'v' } }],
    ['a flattened map', mapOf({ xmlFlattened: 1 }), 'L.1.key=k&L.1.value=v', { L: { k: 'v' } }],
    ['a key that is __proto__', mapOf({}), 'L.entry.1.key=__proto__&L.entry.1.value=v', { L: { ['__proto__']: 'v' } }],
    ['percent and plus', TEXT, 'L=%C3%BC+%2B', { L: 'ü +' }],
    ['a number', { kind: 'number', traits: {} } as const, 'L=-1.5e3', { L: -1500 }],
    ['a boolean', { kind: 'boolean', traits: {} } as const, 'L=false', { L: false }],
    ['what no member is called', TEXT, 'X=1&L=a&L.x=b', { L: 'a' }],
  ])('gives %s', (_, shape, text, value) => {
    expect(readForm(structureOf({ L: shape }), parseForm(text))).toEqual(value);
  });

  it.each([
    ['L.member.x=a', listOf({})],
    ['L=%', TEXT],
    ['L=%ff', TEXT],
    ['L=1x', { kind: 'number', traits: {} } as const],
    ['L=', { kind: 'number', traits: {} } as const],
    ['L=yes', { kind: 'boolean', traits: {} } as const],
    ['L=yesterday', { kind: 'timestamp', format: undefined, traits: {} } as const],
    ['L=@', { kind: 'blob', streaming: false, traits: {} } as const],
    [`L${'.x'.repeat(100)}=1`, TEXT],
  ])('is refused: %s', (text, shape) => {
    expect(() => readForm(structureOf({ L: shape }), parseForm(text))).toThrow(
      expect.objectContaining({ name: 'MalformedInput', $fault: 'client' }),
    );
  });

  it('is read by the schema of a client package', () => {
    const operation = readSchema(cloudformation).operations.get('CreateStack');
    const form = 'StackName=s&Parameters.member.1.ParameterKey=k&Parameters.member.1.UsePreviousValue=true';
    expect(operation && readForm(operation.input, parseForm(form))).toEqual({
      StackName: 's',
      Parameters: [{ ParameterKey: 'k', UsePreviousValue: true }],
    });
  });
});
