/** An element of an XML document. Names of elements are without a prefix; those of attributes with it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  /** The text inside, its children's excepted. */
  text: string;
}

/** The text is not well-formed XML, or more than the reader takes. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const MAX_DEPTH = 100;
const NAME = /[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?/y;
const ATTRIBUTE = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const MARK = /<(?:\?|!--|!\[CDATA\[|\/)?/y;

/**
 * The root element of an XML document. Strict: one root, tags that match, known entities, no DOCTYPE (whose entities could multiply).
 *
 * @throws {XmlError}
 */
export function parseXml(text: string): XmlElement {
  const root: XmlElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open: { element: XmlElement; tag: string }[] = [{ element: root, tag: '' }];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const top = open[open.length - 1] ?? { element: root, tag: '' };
    const next = text.indexOf('<', at);
    const plain = next < 0 ? text.slice(at) : text.slice(at, next);
    if (plain !== '') {
      if (open.length > 1) top.element.text += unescapeXml(plain);
      else if (plain.trim() !== '') throw new XmlError('there is text outside of the root element');
    }
    if (next < 0) break;
    MARK.lastIndex = next;
    const mark = MARK.exec(text)?.[0];
    at = MARK.lastIndex;
    if (mark === '<?') at = after(text, at, '?>');
    else if (mark === '<!--') at = after(text, at, '-->');
    else if (mark === '<![CDATA[') {
      if (open.length === 1) throw new XmlError('there is text outside of the root element');
      const end = after(text, at, ']]>');
      top.element.text += lines(text.slice(at, end - 3));
      at = end;
    } else if (mark === '</') {
      const tag = match(NAME, text, at)[0];
      if (open.length === 1 || tag !== top.tag) throw new XmlError(`</${tag.slice(0, 100)}> closes nothing`);
      at = endOf(TAG_END, text, NAME.lastIndex);
      open.pop();
    } else {
      const tag = match(NAME, text, at)[0];
      at = NAME.lastIndex;
      const attributes = new Map<string, string>();
      for (ATTRIBUTE.lastIndex = at; ; at = ATTRIBUTE.lastIndex) {
        const attribute = ATTRIBUTE.exec(text);
        if (attribute === null) break;
        const [, name = '', double, single] = attribute;
        if (attributes.has(name)) throw new XmlError(`the attribute ${name.slice(0, 100)} stands twice`);
        attributes.set(name, unescapeXml(double ?? single ?? ''));
      }
      const selfClosing = match(TAG_END, text, at)[1] === '/';
      at = TAG_END.lastIndex;
      if (top.element === root && root.children.length === 1) throw new XmlError('there are two root elements');
      const element: XmlElement = { name: tag.slice(tag.indexOf(':') + 1), attributes, children: [], text: '' };
      top.element.children.push(element);
      if (selfClosing) continue;
      if (open.length > MAX_DEPTH) throw new XmlError('elements are nested too deeply');
      open.push({ element, tag });
    }
  }
  const [document] = root.children;
  if (open.length > 1) throw new XmlError(`<${open[open.length - 1]?.tag ?? ''}> is not closed`);
  if (document === undefined) throw new XmlError('there is no root element');
  return document;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) throw new XmlError(`'${text.slice(at, at + 20)}' is not expected`);
  return found;
}

function endOf(pattern: RegExp, text: string, at: number): number {
  if (match(pattern, text, at)[1] !== '') throw new XmlError('an end tag does not end');
  return pattern.lastIndex;
}

function after(text: string, at: number, end: string): number {
  const found = text.indexOf(end, at);
  if (found < 0) throw new XmlError(`'${end}' is missing`);
  return found + end.length;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const lines = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

function unescapeXml(text: string): string {
  if (!text.includes('&')) return lines(text);
  return lines(text).replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,8}));|&/g, (entity, hex, decimal, name) => {
    if (name !== undefined && Object.hasOwn(ENTITIES, name)) return ENTITIES[name] ?? '';
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal ?? Number.NaN);
    if (!(code <= 0x10ffff)) throw new XmlError(`'${entity}' is no entity`);
    return String.fromCodePoint(code);
  });
}
