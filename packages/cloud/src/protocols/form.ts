import { AwsError } from '../kernel/awsError.ts';
import { readScalar } from './scalars.ts';
import type { Shape, StructureShape } from './schema.ts';
import { xmlNameOf } from './xmlWriter.ts';

/** A form of AWS Query as a tree: `Tags.member.1.Key=a` is four levels deep. */
export interface FormNode {
  value?: string;
  children?: Map<string, FormNode>;
}

/** Deeper names than this no model has. */
const MAX_DEPTH = 64;

const refuse = (message: string): AwsError => new AwsError('MalformedInput', 400, message);

/** A form's text as a tree. @throws {AwsError} when it is malformed */
export function parseForm(text: string): FormNode {
  const root: FormNode = {};
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const parts = name.split('.', MAX_DEPTH + 1);
    if (parts.length > MAX_DEPTH) throw refuse('A parameter name is nested too deeply');
    let node = root;
    for (const part of parts) {
      node.children ??= new Map();
      let child = node.children.get(part);
      if (child === undefined) node.children.set(part, (child = {}));
      node = child;
    }
    node.value = equals < 0 ? '' : decode(pair.slice(equals + 1));
  }
  return root;
}

function decode(text: string): string {
  if (!/[+%]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw refuse('The form is not percent-encoded UTF-8');
  }
}

/** A node in the SDK's types. @throws {AwsError} when a value is not of its type */
export function readForm(shape: Shape, node: FormNode): unknown {
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return readStructure(shape, node);
    case 'list': {
      const items = shape.traits.xmlFlattened === 1 ? node : node.children?.get(xmlNameOf('member', shape.member));
      return inOrder(items).map((item) => readForm(shape.member, item));
    }
    case 'map': {
      const entries = shape.traits.xmlFlattened === 1 ? node : node.children?.get('entry');
      const keyName = xmlNameOf('key', shape.key);
      const valueName = xmlNameOf('value', shape.value);
      return Object.fromEntries(
        inOrder(entries).map(({ children }) => [
          children?.get(keyName)?.value ?? '',
          readForm(shape.value, children?.get(valueName) ?? { value: '' }),
        ]),
      );
    }
    default:
      return readScalar(shape, node.value ?? '', refuse);
  }
}

function readStructure(shape: StructureShape, { children }: FormNode): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  if (children === undefined) return record;
  for (const [member, target] of shape.members) {
    const child = children.get(xmlNameOf(member, target));
    if (child !== undefined) record[member] = readForm(target, child);
  }
  return record;
}

/** The children of a list or map, which are numbered from 1. */
function inOrder(node: FormNode | undefined): FormNode[] {
  if (node?.children === undefined) return []; // `Tags=` is an empty list
  return [...node.children]
    .map(([key, child]) => {
      if (!/^\d{1,9}$/.test(key)) throw refuse(`'${key}' is not the number of a list's member`);
      return { index: Number(key), child };
    })
    .sort((a, b) => a.index - b.index)
    .map(({ child }) => child);
}
