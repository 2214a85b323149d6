import { describe, expect, it } from 'vitest';
import type { AttributeValue, Item } from '../attributeValue.ts';
import { type ExpressionInput, readExpressions } from './expressions.ts';

type Given = Record<string, AttributeValue>;

const filter = (FilterExpression: string, values?: Given, names?: Record<string, string>) =>
  readExpressions(input({ FilterExpression }, values, names));

const update = (UpdateExpression: string, values?: Given, names?: Record<string, string>) =>
  readExpressions(input({ UpdateExpression }, values, names));

function input(texts: ExpressionInput, values?: Given, names?: Record<string, string>): ExpressionInput {
  return {
    ...texts,
    ...(values && { ExpressionAttributeValues: structuredClone(values) }),
    ...(names && { ExpressionAttributeNames: names }),
  };
}

const refused = (message: string | RegExp) =>
  expect.objectContaining({
    name: 'ValidationException',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

describe('the syntax of conditions', () => {
  it.each([
    'things are not gonna be ok',
    'a > 4',
    'a',
    'a =',
    'a = b = c',
    '(a = b) = c',
    '(a = b',
    'a = b)',
    'not a',
    'attribute_exists(Pictures-RearView)',
    'attribute_exists("Pictures.RearView")',
    'attribute_exists(Pictures..RearView)',
    'attribute_exists(Pi#ctures.RearView)',
    'attribute_exists(asdf[a])',
    'attribute_exists()',
    'attribute_exists(a = b)',
    'a in b, c',
    'a > between',
    'a in b',
    'a in (b,c,)',
    'a in ()',
    '(a)between(b.(c.d))and(c)',
    '(a)between(b.c.d)and((c)',
    '#$.b > a',
    'a > :things.stuff',
    'b[:a] > a',
    'b[#_] > a',
    'b[-1] > a',
    'ü > a',
    '_a > b',
    '(a)between(b.c[4.5].#d)and(:a)',
    'size(a).b > a',
    '(size(a)).b > a',
    'size(a)[0] > a',
    'a = b AND',
    'AND a = b',
    'a == b',
    'a != b',
  ])('does not allow %s', (text) => {
    expect(() => filter(text)).toThrow(refused(/^Invalid FilterExpression: Syntax error; token: ".*", near: ".*"$/s));
  });

  it('says which token does not fit, and what stands around it', () => {
    expect(() => filter('price > 4')).toThrow('Syntax error; token: "4", near: "> 4"');
    expect(() => filter('a = b c')).toThrow('Syntax error; token: "c", near: "b c"');
    expect(() => filter('user-id = :u')).toThrow('Syntax error; token: "-", near: "user-id"');
    expect(() => filter('a =')).toThrow('Syntax error; token: "<EOF>", near: "="');
  });

  it.each([
    'a=a and a > ((views))',
    '(a)between(((b.c)).d)and(c)',
    'a > whatever((:things), ((a)))',
    'a=a AND ((a=a AND a=a)) AND a=a',
    'a=a OR ((a=a OR (a=a OR a=a)))',
  ])('has no redundant parentheses: %s', (text) => {
    expect(() => filter(text)).toThrow(refused('Invalid FilterExpression: The expression has redundant parentheses;'));
  });

  it.each([
    ['a=a and whatever((:things)) > a', 'Invalid function name; function: whatever'],
    ['attRIbute_exIsts((views), #a)', 'Invalid function name; function: attRIbute_exIsts'],
    ...[
      ['a=a and attribute_exists((views), (#a)) > b', 'attribute_exists'],
      ['attribute_not_exists(things) > b', 'attribute_not_exists'],
      ['begins_with(things, a) > b', 'begins_with'],
      ['size(contains(a, b)) > a', 'contains'],
      ['size(things)', 'size'],
      ['a between b and attribute_exists(things)', 'attribute_exists'],
      ['a in (b, attribute_exists(things))', 'attribute_exists'],
    ].map(([text, name]) => [
      text,
      `The function is not allowed to be used this way in an expression; function: ${name}`,
    ]),
    ['a = list_append(b, c)', 'The function is not allowed in a condition expression; function: list_append'],
    ['attribute_exists(views, #a)', 'Attribute name is a reserved keyword; reserved keyword: views'],
    [':a < abOrT', 'Attribute name is a reserved keyword; reserved keyword: abOrT'],
    [
      'attribute_exists(#Pictures.RearView, :a) and a=a',
      'An expression attribute name used in the document path is not defined; attribute name: #Pictures',
    ],
    [
      'begins_with(Pictures.#RearView)',
      'An expression attribute name used in the document path is not defined; attribute name: #RearView',
    ],
    [
      '(a)between(b.c[45].#d)and(:a)',
      'An expression attribute name used in the document path is not defined; attribute name: #d',
    ],
    [
      '#toString = a',
      'An expression attribute name used in the document path is not defined; attribute name: #toString',
    ],
    [
      'begins_with(:hello, #a, #b)',
      'An expression attribute value used in expression is not defined; attribute value: :hello',
    ],
    [':a < :b', 'An expression attribute value used in expression is not defined; attribute value: :a'],
    [
      'attribute_exists(things, a) and a=a',
      'Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2',
    ],
    [
      'attribute_type(things)',
      'Incorrect number of operands for operator or function; operator or function: attribute_type, number of operands: 1',
    ],
    [
      'begins_with(things, size(a), b)',
      'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 3',
    ],
    [
      'size(things, a) > b',
      'Incorrect number of operands for operator or function; operator or function: size, number of operands: 2',
    ],
    ['', 'The expression can not be empty;'],
    ['a = b'.padEnd(4097), 'Expression size has exceeded the maximum allowed size; expression size: 4097'],
  ])('refuses %s: %s', (text, message) => {
    expect(() => filter(text ?? '')).toThrow(refused(`Invalid FilterExpression: ${message}`));
  });

  it.each<[string, AttributeValue, string, string]>([
    ['attribute_type(a, size(a)) and a=a and a=:a', { N: '1' }, 'attribute_type', 'N'],
    ['attribute_type(a, :a)', { BOOL: true }, 'attribute_type', 'BOOL'],
    ['begins_with(a, size(a)) and a=:a', { N: '1' }, 'begins_with', 'N'],
    ['begins_with(:a, a)', { L: [] }, 'begins_with', 'L'],
    ['size(size(a)) > :a', { N: '1' }, 'size', 'N'],
    ['attribute_not_exists(size(:a))', { N: '1' }, 'size', 'N'],
    ['a < :a', { BOOL: true }, '<', 'BOOL'],
    ['a >= :a', { M: {} }, '>=', 'M'],
  ])('refuses %s of %j', (text, value, operator, type) => {
    expect(() => filter(text, { ':a': value })).toThrow(
      refused(
        `Invalid FilterExpression: Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
      ),
    );
  });

  it.each<[string, AttributeValue, string]>([
    [
      'attribute_exists(:a) and a=a',
      { S: '1' },
      'Operator or function requires a document path; operator or function: attribute_exists',
    ],
    [
      'attribute_not_exists(size(:a))',
      { S: '1' },
      'Operator or function requires a document path; operator or function: attribute_not_exists',
    ],
    [
      'attribute_type(a, :a)',
      { S: '1' },
      'Invalid attribute type name found; type: 1, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    ],
  ])('refuses %s', (text, value, message) => {
    expect(() => filter(text, { ':a': value })).toThrow(refused(`Invalid FilterExpression: ${message}`));
  });

  it.each([
    ['a = a AND #a = b AND :views > a', '=', '[a]'],
    ['#a <> a', '<>', '[a]'],
    ['((a=a) OR (a=a))', '=', '[a]'],
    ['contains(ab.bc[1].a, ab.bc[1].#a)', 'contains', '[ab, bc, [1], a]'],
    ['attribute_type(ab.bc[1].#a, ab.bc[1].a)', 'attribute_type', '[ab, bc, [1], a]'],
  ])('refuses %s, whose operands are the same', (text, operator, operand) => {
    expect(() => filter(text, undefined, { '#a': 'a' })).toThrow(
      refused(
        `Invalid FilterExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${operand}`,
      ),
    );
  });

  it('refuses bounds of BETWEEN that nothing can lie between', () => {
    expect(() => filter('a between :b and :a', { ':a': { S: 'a' }, ':b': { N: '1' } })).toThrow(
      'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}',
    );
    expect(() => filter('a between :b and :a', { ':a': { S: 'a' }, ':b': { S: 'b' } })).toThrow(
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}',
    );
  });

  it('is not brought down by deep nesting', () => {
    const text = `${'(not '.repeat(700)}a = b${')'.repeat(700)}`;
    expect(() => filter(text)).toThrow(expect.objectContaining({ name: 'ValidationException' }));
  });
});

describe('names and values', () => {
  const EAV = 'ExpressionAttributeValues';
  it.each<[string, ExpressionInput]>([
    ['ExpressionAttributeNames must not be empty', { FilterExpression: '', ExpressionAttributeNames: {}, [EAV]: {} }],
    [
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
      { FilterExpression: '', ExpressionAttributeNames: { a: 'a' }, [EAV]: {} },
    ],
    ['ExpressionAttributeValues must not be empty', { FilterExpression: '', [EAV]: {} }],
    [
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"',
      { FilterExpression: '', [EAV]: { ':b': {}, b: { S: 'a' } } },
    ],
    [
      'ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :b',
      { FilterExpression: '', [EAV]: { ':b': { L: [{}] } } },
    ],
    [
      'ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :b',
      { FilterExpression: '', [EAV]: { ':b': { SS: [] } } },
    ],
    [
      'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: b for key :b',
      { FilterExpression: '', [EAV]: { ':b': { N: 'b' } } },
    ],
    ['Invalid FilterExpression: The expression can not be empty;', { FilterExpression: '', ProjectionExpression: '' }],
    [
      'Invalid ProjectionExpression: The expression can not be empty;',
      { FilterExpression: 'a > b', ProjectionExpression: '' },
    ],
    [
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}',
      { ProjectionExpression: 'a,b', ExpressionAttributeNames: { '#a': 'a', '#b': 'b' } },
    ],
    [
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a, :c}',
      {
        UpdateExpression: 'remove a',
        ConditionExpression: 'a = :b',
        [EAV]: { ':a': { S: 'a' }, ':b': { S: 'a' }, ':c': { S: 'a' } },
      },
    ],
  ])('%s', (message, given) => {
    expect(() => readExpressions(structuredClone(given))).toThrow(refused(message));
  });

  it('are looked up anew at each call, although a text is read once', () => {
    const item: Item = { a: { S: 'x' }, b: { S: 'y' } };
    for (const [name, value, expected] of [
      ['a', 'x', true],
      ['b', 'x', false],
      ['b', 'y', true],
      ['a', 'y', false],
    ] as const) {
      const { filter: condition, values } = filter('#n = :v', { ':v': { S: value } }, { '#n': name });
      expect(condition?.test(item, values)).toBe(expected);
    }
  });
});

describe('a condition', () => {
  const item: Item = {
    s: { S: 'hello' },
    n: { N: '10' },
    b: { B: 'aGVsbG8=' },
    yes: { BOOL: true },
    nil: { NULL: true },
    ss: { SS: ['a', 'b'] },
    ns: { NS: ['1', '2'] },
    l: { L: [{ S: 'x' }, { N: '3' }, { M: { deep: { S: 'found' } } }] },
    m: { M: { a: { M: { b: { L: [{ N: '7' }] } } }, 'with.dot': { S: 'dot' } } },
  };
  const values: Given = {
    ':s': { S: 'hello' },
    ':he': { S: 'he' },
    ':n9': { N: '9' },
    ':n10': { N: '1e1' },
    ':n11': { N: '11' },
    ':a': { S: 'a' },
    ':one': { N: '1.0' },
    ':three': { N: '3' },
    ':seven': { N: '7' },
    ':found': { S: 'found' },
    ':true': { BOOL: true },
    ':S': { S: 'S' },
    ':b': { B: 'aGU=' },
    ':ss': { SS: ['b', 'a'] },
  };
  const names: Record<string, string> = { '#dot': 'with.dot', '#ctor': 'constructor', '#proto': '__proto__' };

  it.each<[string, boolean]>([
    ['s = :s', true],
    ['s <> :s', false],
    ['absent <> :s', true],
    ['absent = :s', false],
    ['not absent = :s', true],
    ['n = :n10', true],
    ['n > :n9 and n < :n11', true],
    ['n >= :n10 AND n <= :n10', true],
    ['n < :n9', false],
    ['s < :n9', false],
    ['n between :n9 and :n11', true],
    ['n between :n11 and :n11', false],
    ['n in (:n9, :n10)', true],
    ['n in (:n9)', false],
    ['absent in (:n9)', false],
    ['attribute_exists(s)', true],
    ['attribute_exists(absent)', false],
    ['attribute_not_exists(absent)', true],
    ['attribute_exists(#ctor)', false],
    ['attribute_exists(#proto)', false],
    ['attribute_exists(m.#ctor)', false],
    ['attribute_exists(l[1])', true],
    ['attribute_exists(l[3])', false],
    ['attribute_type(s, :S)', true],
    ['attribute_type(n, :S)', false],
    ['begins_with(s, :he)', true],
    ['begins_with(b, :b)', true],
    ['begins_with(n, :he)', false],
    ['contains(s, :he)', true],
    ['contains(b, :b)', true],
    ['contains(ss, :a)', true],
    ['contains(ns, :one)', true],
    ['contains(l, :three)', true],
    ['contains(l, :one)', false],
    ['size(s) = :n9', false],
    ['size(ss) < :three', true],
    ['size(m) < :three', true],
    ['size(n) < :n11', false],
    ['size(n) <> :n11', true],
    ['m.a.b[0] = :seven', true],
    ['l[2].deep = :found', true],
    ['m.#dot = :s', false],
    ['yes = :true', true],
    ['ss = :ss', true],
    [':a = ss', false],
    ['s = :s or absent = :s and absent = :s', true],
    ['(s = :s or absent = :s) and absent = :s', false],
    ['NOT s = :s OR n = :n10', true],
    ['NOT (s = :s OR n = :n10)', false],
    ['(m.a).b[0] = :seven', true],
  ])('%s is %s', (text, expected) => {
    const used = (all: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(all).filter(([key]) => new RegExp(`${key}\\b`).test(text)));
    const given = used(values) as Given; // a part of them
    const aliases = used(names) as Record<string, string>; // a part of them
    const { filter: condition, values: checked } = filter(
      text,
      Object.keys(given).length > 0 ? given : undefined,
      Object.keys(aliases).length > 0 ? aliases : undefined,
    );
    expect(condition?.test(item, checked)).toBe(expected);
  });
});

describe('the syntax of updates', () => {
  it.each([
    'whatever',
    'set a',
    'add a',
    'set a=set',
    'remove a = b',
    'add a = b',
    'delete a b',
    'delete a if_not_exist(b)',
    'add abort b',
    'remove a b',
    'set a b',
    'set :a = b',
    'remove :a',
    'set a = b / c',
    'set a = b * c',
    'set a[1] = "eight"',
    'set a[1] = 1',
    'SET a = if_not_exist(a, 100)',
    'SET if_not_exist(a, b) = a',
    'set (a = (b + c))',
    'set a = (b.c).d + e',
    'set a = (b.c)[0] + e',
    'set a = b + c + d',
    'set a = (b + c) + d',
    'set a = b,',
    'set a = b set',
  ])('does not allow %s', (text) => {
    expect(() => update(text)).toThrow(refused(/^Invalid UpdateExpression: Syntax error; /));
  });

  it.each([
    [' set #c = :c set abOrt = true ', 'Attribute name is a reserved keyword; reserved keyword: abOrt'],
    [' remove Absolute ', 'Attribute name is a reserved keyword; reserved keyword: Absolute'],
    ['set #c = if_not_exist(:c) set c = d', 'Invalid function name; function: if_not_exist'],
    ['set c = size(d)', 'The function is not allowed in an update expression; function: size'],
    ['set a = #c set c = :d', 'The "SET" section can only be used once in an update expression;'],
    ['delete #d :e set a = b delete #e :f', 'The "DELETE" section can only be used once in an update expression;'],
    [
      'SET #x = if_not_exists(:c)',
      'An expression attribute name used in the document path is not defined; attribute name: #x',
    ],
    [
      'SET #c = if_not_exists(:x)',
      'An expression attribute value used in expression is not defined; attribute value: :x',
    ],
    [
      'set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a)',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [c, [1], a], path two: [c]',
    ],
    [
      'set a = b remove a, #c, #d',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
    ],
    [
      'remove c, #c.a, #d',
      'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [c], path two: [c, a]',
    ],
    [
      'set #c[3].#d = a, #c.#d[3] = if_not_exists(a)',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [c, [3], [3]], path two: [c, [3], [3]]',
    ],
    [
      'remove a.#c set a[1] = #d',
      'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, c], path two: [a, [1]]',
    ],
    [
      'set b = list_append(:s, a), c = if_not_exists(a) add a.b :s',
      'Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
    ],
    [
      'delete a.b :n',
      'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND',
    ],
    [
      'set a = if_not_exists(c)',
      'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    ],
    [
      'set a = if_not_exists(:s, c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'set a = if_not_exists(if_not_exists(a, b), c)',
      'Operator or function requires a document path; operator or function: if_not_exists',
    ],
    [
      'set a = list_append(a, :n)',
      'Incorrect operand type for operator or function; operator or function: list_append, operand type: N',
    ],
    ['set a = a + :s', 'Incorrect operand type for operator or function; operator or function: +, operand type: S'],
    [
      'set a = a - list_append(b, c)',
      'Incorrect operand type for operator or function; operator or function: -, operand type: L',
    ],
  ])('refuses %s: %s', (text, message) => {
    const given: Given = { ':s': { S: 'a' }, ':n': { N: '1' }, ':c': { S: 'c' } };
    expect(() => update(text, given, { '#c': 'c', '#d': '[3]' })).toThrow(
      refused(`Invalid UpdateExpression: ${message}`),
    );
  });
});

describe('an update', () => {
  const before: Item = {
    id: { S: 'x' },
    n: { N: '10' },
    l: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }, { S: 'd' }] },
    m: { M: { x: { N: '1' }, y: { M: { z: { S: 'z' } } } } },
    ss: { SS: ['a', 'b'] },
  };
  const updated = (text: string, values?: Given, names?: Record<string, string>): Item => {
    const item = structuredClone(before);
    const { update: ready, values: checked } = update(text, values, names);
    ready?.apply(item, checked);
    return item;
  };
  const one: Given = { ':v': { N: '1' } };

  it.each<[string, Given | undefined, Item]>([
    ['set n = n + :v', one, { n: { N: '11' } }],
    ['set n = n - :v, was = n', one, { n: { N: '9' }, was: { N: '10' } }],
    ['set a = if_not_exists(a, :v) + :v', one, { a: { N: '2' } }],
    ['set n = if_not_exists(n, :v)', one, {}],
    ['set a = (n + :v)', one, { a: { N: '11' } }],
    ['add n :v', one, { n: { N: '11' } }],
    ['add a :v', one, { a: { N: '1' } }],
    ['add m.x :v', one, { m: { M: { x: { N: '2' }, y: { M: { z: { S: 'z' } } } } } }],
    ['add ss :v', { ':v': { SS: ['c', 'a'] } }, { ss: { SS: ['a', 'b', 'c'] } }],
    ['delete ss :v', { ':v': { SS: ['a'] } }, { ss: { SS: ['b'] } }],
    ['delete absent :v', { ':v': { SS: ['a'] } }, {}],
    ['set l[1] = :v', one, { l: { L: [{ S: 'a' }, { N: '1' }, { S: 'c' }, { S: 'd' }] } }],
    [
      'set l[9] = :v, l[7] = n',
      one,
      { l: { L: [{ S: 'a' }, { S: 'b' }, { S: 'c' }, { S: 'd' }, { N: '10' }, { N: '1' }] } },
    ],
    ['remove l[0], l[2]', undefined, { l: { L: [{ S: 'b' }, { S: 'd' }] } }],
    ['remove l[9]', undefined, {}],
    ['remove l[0] set l[1] = :v', one, { l: { L: [{ N: '1' }, { S: 'c' }, { S: 'd' }] } }],
    [
      'set l = list_append(l, :v)',
      { ':v': { L: [{ S: 'e' }] } },
      { l: { L: [...(before['l']?.L ?? []), { S: 'e' }] } },
    ],
    ['set l = list_append(if_not_exists(a, :v), l)', { ':v': { L: [] } }, {}],
    ['set m.y.z = n', undefined, { m: { M: { x: { N: '1' }, y: { M: { z: { N: '10' } } } } } }],
    ['remove m.y', undefined, { m: { M: { x: { N: '1' } } } }],
    [
      'set twin = m, m.x = :v',
      { ':v': { N: '5' } },
      {
        twin: { M: { x: { N: '1' }, y: { M: { z: { S: 'z' } } } } },
        m: { M: { x: { N: '5' }, y: { M: { z: { S: 'z' } } } } },
      },
    ],
  ])('%s of %j changes what it says', (text, values, changes) => {
    expect(updated(text, values)).toEqual({ ...before, ...changes });
  });

  it('removes an attribute, and a set that nothing remains of', () => {
    expect(updated('remove n, absent')).not.toHaveProperty('n');
    expect(updated('delete ss :v', { ':v': { SS: ['a', 'b'] } })).not.toHaveProperty('ss');
  });

  it('sets an attribute of any name', () => {
    const item = updated('set #p = :v', one, { '#p': '__proto__' });
    expect(Object.getOwnPropertyDescriptor(item, '__proto__')?.value).toEqual({ N: '1' });
    expect(JSON.stringify(item)).toContain('"__proto__":{"N":"1"}');
  });

  const set: Given = { ':v': { SS: ['a'] } };
  it.each<[string, Given | undefined, string]>([
    ['set c = b', undefined, 'The provided expression refers to an attribute that does not exist in the item'],
    [
      'set e = list_append(l, c)',
      undefined,
      'The provided expression refers to an attribute that does not exist in the item',
    ],
    ['set e = id + :v', one, 'An operand in the update expression has an incorrect data type'],
    ['set e = list_append(n, l)', undefined, 'An operand in the update expression has an incorrect data type'],
    ['delete n :v', set, 'An operand in the update expression has an incorrect data type'],
    ['delete ss :v', { ':v': { NS: ['1'] } }, 'An operand in the update expression has an incorrect data type'],
    ['add ss :v', one, 'An operand in the update expression has an incorrect data type'],
    ...[
      'set id.a = :v',
      'set n[1] = :v',
      'set q.a = :v',
      'set q[1] = :v',
      'set m[1] = :v',
      'set l.a = :v',
      'delete q.a :v',
      'add l.a :v',
    ].map((text): [string, Given, string] => [
      text,
      set,
      'The document path provided in the update expression is invalid for update',
    ]),
    ['remove q.a', undefined, 'The document path provided in the update expression is invalid for update'],
    ['remove m[1]', undefined, 'The document path provided in the update expression is invalid for update'],
  ])('refuses %s', (text, values, message) => {
    expect(() => updated(text, values)).toThrow(refused(message));
  });
});

describe('a projection', () => {
  const item: Item = {
    a: { S: 'a' },
    l: { L: [{ S: '0' }, { M: { x: { S: '1x' }, y: { S: '1y' } } }, { S: '2' }] },
    m: { M: { x: { S: 'x' }, y: { L: [{ S: 'y0' }, { S: 'y1' }] } } },
  };
  it.each<[string, Item]>([
    ['a', { a: { S: 'a' } }],
    ['absent', {}],
    ['m.x, a', { m: { M: { x: { S: 'x' } } }, a: { S: 'a' } }],
    ['l[2], l[0]', { l: { L: [{ S: '0' }, { S: '2' }] } }],
    ['l[1].y', { l: { L: [{ M: { y: { S: '1y' } } }] } }],
    ['m.y[1], m.absent', { m: { M: { y: { L: [{ S: 'y1' }] } } } }],
    ['a.b, m[0], l.x', {}],
  ])('of %s takes that and nothing else', (text, expected) => {
    const { projection } = readExpressions({ ProjectionExpression: text });
    expect(projection?.project(item)).toEqual(expected);
  });

  it.each(['whatever(stuff)', ':a', 'abort,', 'a,,b', 'a..b', 'a[b]', '(a.b).c', '(a)', 'a-b', 'a = b'])(
    'does not allow %s',
    (text) => {
      expect(() => readExpressions({ ProjectionExpression: text })).toThrow(
        refused(/^Invalid ProjectionExpression: Syntax error; /),
      );
    },
  );

  it.each([
    ['b[1], b.a, #a.b, a', 'overlap', '[a, b]', '[a]'],
    ['a, #a[1]', 'overlap', '[a]', '[a, [1]]'],
    ['a.b, #a[1]', 'conflict', '[a, b]', '[a, [1]]'],
  ])('refuses %s', (text, clash, one, two) => {
    expect(() => readExpressions({ ProjectionExpression: text, ExpressionAttributeNames: { '#a': 'a' } })).toThrow(
      refused(
        `Invalid ProjectionExpression: Two document paths ${clash} with each other; must remove or rewrite one of these paths; path one: ${one}, path two: ${two}`,
      ),
    );
  });
});

describe('a key condition', () => {
  const relations = (text: string, values: Given) => {
    const { keyCondition, values: checked } = readExpressions(input({ KeyConditionExpression: text }, values));
    return keyCondition?.relations(checked);
  };
  const a: Given = { ':a': { S: '1' }, ':b': { S: '2' } };

  it('is taken apart into one relation per key', () => {
    expect(relations('p = :a and s between :a and :b', a)).toEqual([
      { name: 'p', operator: 'EQ', operands: [{ S: '1' }] },
      { name: 's', operator: 'BETWEEN', operands: [{ S: '1' }, { S: '2' }] },
    ]);
    expect(relations('(:a = p) and (:b > s)', a)).toEqual([
      { name: 'p', operator: 'EQ', operands: [{ S: '1' }] },
      { name: 's', operator: 'LT', operands: [{ S: '2' }] },
    ]);
    expect(relations('begins_with(s, :a) AND p = :b', a)?.[0]).toEqual({
      name: 's',
      operator: 'BEGINS_WITH',
      operands: [{ S: '1' }],
    });
  });

  it.each([
    ['a = :a or b = :b', 'Invalid operator used in KeyConditionExpression: OR'],
    ['a in (:a, :b)', 'Invalid operator used in KeyConditionExpression: IN'],
    ['attribute_exists(c) and a = :a and b = :b', 'Invalid operator used in KeyConditionExpression: attribute_exists'],
    ['not a > :a and b = :b', 'Invalid operator used in KeyConditionExpression: NOT'],
    ['a <> :a and b = :b', 'Invalid operator used in KeyConditionExpression: <>'],
    [
      ':a between size(b) and size(a) and b > :b',
      'Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand',
    ],
    [
      'begins_with(:a, b) and a > :b',
      'Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand',
    ],
    ['size(b) > :a AND a.b > :b', 'KeyConditionExpressions cannot contain nested operations'],
    [
      'b > a.b and c = :a and d = :b',
      'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    ],
    ['b.d > :a AND c.d > :b', 'KeyConditionExpressions cannot have conditions on nested attributes'],
    [':b > :a AND a < :b', 'Invalid condition in KeyConditionExpression: No key attribute specified'],
    ['(a > :a and b > :a) and (b > :a and c > :b)', 'KeyConditionExpressions must only contain one condition per key'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => relations(text, a)).toThrow(refused(message));
  });
});
