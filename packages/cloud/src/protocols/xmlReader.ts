import { AwsError } from '../kernel/awsError.ts';
import { readScalar } from './scalars.ts';
import type { Shape, StructureShape } from './schema.ts';
import { parseXml, type XmlElement } from './xmlParser.ts';
import { xmlNameOf } from './xmlWriter.ts';

const malformed = (): AwsError =>
  new AwsError(
    'MalformedXML',
    400,
    'The XML you provided was not well-formed or did not validate against our published schema',
  );

/** XML text in the SDK's types. @throws {AwsError} `MalformedXML` */
export function readXml(shape: Shape, text: string): unknown {
  let root: XmlElement;
  try {
    root = parseXml(text);
  } catch {
    throw malformed(); // what exactly was wrong is not AWS's to say
  }
  return readElements(shape, [root]);
}

/** One element, or all those of a flattened list or map. */
function readElements(shape: Shape, elements: readonly XmlElement[]): unknown {
  if (shape.kind === 'list') {
    return itemsOf(shape, elements, xmlNameOf('member', shape.member)).map((item) =>
      readElements(shape.member, [item]),
    );
  }
  if (shape.kind === 'map') {
    const keyName = xmlNameOf('key', shape.key);
    const valueName = xmlNameOf('value', shape.value);
    return Object.fromEntries(
      itemsOf(shape, elements, 'entry').map((entry) => [
        named(entry, keyName)[0]?.text ?? '',
        readElements(shape.value, named(entry, valueName)),
      ]),
    );
  }
  const [element] = elements;
  if (element === undefined || elements.length > 1) throw malformed();
  if (shape.kind === 'structure' || shape.kind === 'union') return readStructure(shape, element);
  if (element.children.length > 0) throw malformed();
  return readScalar(shape, shape.kind === 'string' ? element.text : element.text.trim(), malformed);
}

function itemsOf({ traits }: Shape, elements: readonly XmlElement[], tag: string): readonly XmlElement[] {
  if (traits.xmlFlattened === 1) return elements;
  const [element] = elements;
  if (element === undefined || elements.length > 1) throw malformed();
  return named(element, tag);
}

function readStructure(shape: StructureShape, element: XmlElement): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [member, target] of shape.members) {
    const name = xmlNameOf(member, target);
    if (target.traits.xmlAttribute === 1) {
      const text = element.attributes.get(name);
      if (text !== undefined) record[member] = readScalar(target, text, malformed);
      continue;
    }
    const found = named(element, name);
    if (found.length > 0) record[member] = readElements(target, found);
  }
  return record;
}

const named = ({ children }: XmlElement, name: string): XmlElement[] => children.filter((child) => child.name === name);
