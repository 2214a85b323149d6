import { describe, expect, it } from 'vitest';
import { parseXml } from './xmlParser.ts';

describe('parseXml', () => {
  it('reads elements, attributes, text, entities and CDATA', () => {
    const root = parseXml(
      `\uFEFF<?xml version="1.0"?>\n<!-- c --><a x='1' y:z="&lt;"><b>1 &amp; &#50;&#x33;</b><c/><b><![CDATA[<&]]></b></a >`,
    );
    expect(root).toMatchObject({
      name: 'a',
      text: '',
      children: [{ name: 'b', text: '1 & 23' }, { name: 'c' }, { text: '<&' }],
    });
    expect([...root.attributes]).toEqual([
      ['x', '1'],
      ['y:z', '<'],
    ]);
  });

  it('leaves out the prefix of an element, and makes one line end of any', () => {
    expect(parseXml('<s:a xmlns:s="u">x\r\ny\rz</s:a>')).toMatchObject({ name: 'a', text: 'x\ny\nz' });
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '<a/><b/>',
    '<a/>text',
    '<a',
    '<a x=1/>',
    '<a x="1" x="2"/>',
    '<a x="<"/>',
    '<a>&unknown;</a>',
    '<a>&amp</a>',
    '<a>&#1114112;</a>',
    '<a>& b</a>',
    '<a><!-- </a>',
    '<a><![CDATA[</a>',
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '</a>',
    '<1/>',
    '<a></a/>',
    '<a>'.repeat(200) + '</a>'.repeat(200),
  ])('refuses %s', (text) => {
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ name: 'XmlError' }));
  });
});
