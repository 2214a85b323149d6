import { toBuffer } from './json.ts';
import type { ListShape, MapShape, Shape, StructureShape } from './schema.ts';
import { writeTimestamp } from './timestamps.ts';
import { element, escapeXml } from './xml.ts';

/** The XML of a value of the SDK's types, as elements under a tag. */
export type XmlWrite = (tag: string, value: unknown) => string;

/**
 * Writers of XML, compiled once per shape from the SDK's schemas. https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings
 */
export class XmlWriter {
  readonly #writers = new Map<Shape, XmlWrite>();
  readonly #contents = new Map<StructureShape, (value: unknown) => string>();

  /** The writer of a shape as an element. */
  writer(shape: Shape): XmlWrite {
    let writer = this.#writers.get(shape);
    if (writer === undefined) {
      // Shapes refer to each other in circles: whoever asks meanwhile gets one that looks the finished one up.
      this.#writers.set(shape, (tag, value) => this.#writers.get(shape)?.(tag, value) ?? '');
      writer = this.#compile(shape);
      this.#writers.set(shape, writer);
    }
    return writer;
  }

  /** The writer of what stands inside a structure's element. */
  content(shape: StructureShape): (value: unknown) => string {
    let content = this.#contents.get(shape);
    if (content === undefined) this.#contents.set(shape, (content = this.#compileContent(shape)));
    return content;
  }

  #compile(shape: Shape): XmlWrite {
    switch (shape.kind) {
      case 'structure':
      case 'union':
        return this.#structureWriter(shape);
      case 'list':
        return this.#listWriter(shape);
      case 'map':
        return this.#mapWriter(shape);
      default: {
        const attributes = namespaceOf(shape);
        return (tag, value) => element(tag, escapeXml(xmlText(shape, value)), attributes);
      }
    }
  }

  #compileContent(shape: StructureShape): (value: unknown) => string {
    const members = [...shape.members]
      .filter(([, target]) => target.traits.xmlAttribute !== 1)
      .map(([member, target]) => ({ member, tag: xmlNameOf(member, target), write: this.writer(target) }));
    return (value) => {
      const record = value as Readonly<Record<string, unknown>>; // a structure in the SDK's types
      let text = '';
      for (const { member, tag, write } of members) {
        const item = record[member];
        if (item !== undefined && item !== null) text += write(tag, item);
      }
      return text;
    };
  }

  #structureWriter(shape: StructureShape): XmlWrite {
    const content = this.content(shape);
    const namespace = namespaceOf(shape);
    const attributes = [...shape.members].filter(([, target]) => target.traits.xmlAttribute === 1);
    return (tag, value) => {
      const record = value as Readonly<Record<string, unknown>>; // a structure in the SDK's types
      let written = namespace;
      for (const [member, target] of attributes) {
        const item = record[member];
        if (item !== undefined && item !== null)
          written += ` ${xmlNameOf(member, target)}="${escapeXml(xmlText(target, item))}"`;
      }
      return element(tag, content(value), written);
    };
  }

  #listWriter(shape: ListShape): XmlWrite {
    const write = this.writer(shape.member);
    const flat = shape.traits.xmlFlattened === 1;
    const itemTag = xmlNameOf('member', shape.member);
    const namespace = namespaceOf(shape);
    return (tag, value) => {
      let text = '';
      for (const item of value as readonly unknown[]) text += item == null ? '' : write(flat ? tag : itemTag, item); // a list in the SDK's types
      return flat ? text : element(tag, text, namespace);
    };
  }

  #mapWriter(shape: MapShape): XmlWrite {
    const keyTag = xmlNameOf('key', shape.key);
    const valueTag = xmlNameOf('value', shape.value);
    const write = this.writer(shape.value);
    const flat = shape.traits.xmlFlattened === 1;
    const namespace = namespaceOf(shape);
    return (tag, value) => {
      let text = '';
      for (const [key, item] of Object.entries(value as Readonly<Record<string, unknown>>)) {
        if (item === undefined || item === null) continue;
        text += element(flat ? tag : 'entry', element(keyTag, escapeXml(key)) + write(valueTag, item));
      }
      return flat ? text : element(tag, text, namespace);
    };
  }
}

/** The element of a member: the name that the member gives, not that of its target. */
export const xmlNameOf = (member: string, { memberTraits }: Shape): string => memberTraits?.xmlName ?? member;

/** A scalar as text. */
export function xmlText(shape: Shape, value: unknown): string {
  switch (shape.kind) {
    case 'blob':
      return toBuffer(value).toString('base64');
    case 'timestamp':
      return writeTimestamp(value as Date, shape.format ?? 'date-time'); // a timestamp in the SDK's types
    default:
      return String(value);
  }
}

function namespaceOf({ traits }: Shape): string {
  if (traits.xmlNamespace === undefined) return '';
  const [prefix, uri] = traits.xmlNamespace;
  return ` xmlns${prefix ? `:${prefix}` : ''}="${escapeXml(uri)}"`;
}
