import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type Scalar, type YAMLMap } from 'yaml';
import { DeployError } from './errors.ts';

/**
 * A CloudFormation template in YAML, its short forms (`!Ref`, `!GetAtt a.b`) as the long ones. Scalars are read so that nothing which stands
 * unquoted in real templates changes its meaning: `2012-10-17` stays text, `10:20` and `.` too, and a number that would not be written
 * back as it stands (`012345678901`, `3.10`) keeps its text.
 *
 * @throws {DeployError} with line and column, when it is not YAML
 */
export function parseYaml(text: string, name: string): unknown {
  const [document, second] = parseAllDocuments(text, { schema: 'core', merge: true, logLevel: 'silent' });
  if (document === undefined) throw new DeployError(`${name} is empty`);
  if (second !== undefined) throw new DeployError(`${name} has more than one YAML document: a template is one`);
  const [error] = document.errors;
  if (error !== undefined) throw new DeployError(`${name} is not valid YAML: ${error.message.trimEnd()}`);
  const anchors = new Map<string, Node>();
  return toValue(document.contents, anchors);
}

function toValue(node: unknown, anchors: Map<string, Node>): unknown {
  if (node === null || node === undefined) return null;
  if (isAlias(node)) return toValue(anchors.get(node.source), anchors);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
  if (node.anchor !== undefined) anchors.set(node.anchor, node);
  const value = isScalar(node)
    ? scalarOf(node)
    : isMap(node)
      ? mapOf(node, anchors)
      : node.items.map((item) => toValue(item, anchors));
  return node.tag?.startsWith('!') === true && !node.tag.startsWith('!!') ? longForm(node.tag.slice(1), value) : value;
}

function scalarOf({ value, source, tag }: Scalar): unknown {
  if (tag?.startsWith('!') === true) return source ?? String(value ?? '');
  if (typeof value === 'number' && source !== undefined && String(value) !== source) return source;
  return value;
}

function mapOf(map: YAMLMap, anchors: Map<string, Node>): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? (key.source ?? String(key.value)) : String(toValue(key, anchors));
    const content = toValue(value, anchors);
    if (name !== '<<') entries.push([name, content]);
    else
      for (const merged of Array.isArray(content) ? content : [content])
        entries.unshift(...Object.entries(merged ?? {}));
  }
  return Object.fromEntries(entries);
}

/** `!Sub x` stands for `{ "Fn::Sub": x }`; `Ref` and `Condition` have no prefix; `!GetAtt a.b` names an attribute after the first dot. */
function longForm(tag: string, value: unknown): Record<string, unknown> {
  if (tag === 'Ref' || tag === 'Condition') return { [tag]: value };
  if (tag === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.');
    return { 'Fn::GetAtt': dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)] };
  }
  return { [`Fn::${tag}`]: value };
}
