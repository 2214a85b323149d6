import { DeployError } from './errors.ts';
import { parseYaml } from './yaml.ts';

/** A parameter as a template declares it. */
export interface ParameterDeclaration {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly NoEcho?: boolean | string;
  readonly Description?: string;
}

/** A resource as a template declares it. */
export interface ResourceDeclaration {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface OutputDeclaration {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

/** A CloudFormation template. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
export interface Template {
  readonly Description?: string;
  readonly Parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly Outputs: Readonly<Record<string, OutputDeclaration>>;
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Globals',
  'Hooks',
  'Resources',
  'Outputs',
]);

/** Transforms that need no work here: what they add is understood anyway. */
const KNOWN_TRANSFORMS = new Set(['AWS::LanguageExtensions']);

/**
 * Reads a template, JSON or YAML.
 *
 * @param name - of the file, for messages
 * @throws {DeployError} when it is neither, or is not shaped like a template
 */
export function parseTemplate(text: string, name: string): Template {
  return checkTemplate(text.trimStart().startsWith('{') ? parseJson(text, name) : parseYaml(text, name), name);
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // A flow mapping of YAML begins with a brace too.
    try {
      return parseYaml(text, name);
    } catch {
      throw new DeployError(`${name} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Checks that a value is shaped like a template. @throws {DeployError} that lists all that is wrong */
export function checkTemplate(value: unknown, name: string): Template {
  if (!isRecord(value))
    throw new DeployError(`${name} is not a template: it must be a mapping with a section Resources`);
  const problems: string[] = [];
  for (const section of Object.keys(value)) {
    if (!SECTIONS.has(section)) problems.push(`${section} is no section of a template`);
  }
  for (const transform of [value['Transform'] ?? []].flat()) {
    if (typeof transform !== 'string' || !KNOWN_TRANSFORMS.has(transform))
      problems.push(unsupportedTransform(transform));
  }
  if (!isRecord(value['Resources']) || Object.keys(value['Resources']).length === 0) {
    problems.push('the section Resources is missing or empty: a template has at least one resource');
  }
  for (const section of ['Parameters', 'Mappings', 'Conditions', 'Outputs'] as const) {
    if (value[section] !== undefined && value[section] !== null && !isRecord(value[section]))
      problems.push(`${section} must be a mapping`);
  }
  for (const [logicalId, resource] of Object.entries(isRecord(value['Resources']) ? value['Resources'] : {})) {
    problems.push(...problemsOf(logicalId, resource));
    if (isRecord(value['Parameters']) && Object.hasOwn(value['Parameters'], logicalId)) {
      problems.push(`${logicalId} is both a parameter and a resource: a name can be only one of them`);
    }
  }
  if (problems.length > 0) throw new DeployError(`${name} cannot be deployed:`, problems);
  const section = <T>(key: string): Readonly<Record<string, T>> => (value[key] ?? {}) as Readonly<Record<string, T>>; // checked above
  return {
    ...(typeof value['Description'] === 'string' ? { Description: value['Description'] } : {}),
    Parameters: section('Parameters'),
    Mappings: section('Mappings'),
    Conditions: section('Conditions'),
    Resources: section('Resources'),
    Outputs: section('Outputs'),
  };
}

function unsupportedTransform(transform: unknown): string {
  if (transform === 'AWS::Serverless-2016-10-31') {
    return 'the SAM transform (AWS::Serverless-2016-10-31) is not supported yet: deploy what `sam build` or the CDK makes of it, as plain CloudFormation';
  }
  return `the transform ${typeof transform === 'string' ? transform : JSON.stringify(transform)} is not supported`;
}

function problemsOf(logicalId: string, resource: unknown): string[] {
  const path = `Resources.${logicalId}`;
  if (logicalId.startsWith('Fn::'))
    return [`${path}: loops (${logicalId.split('::').slice(0, 2).join('::')}) are not supported`];
  if (!isRecord(resource)) return [`${path} must be a mapping with a Type`];
  if (typeof resource['Type'] !== 'string') return [`${path}.Type is missing`];
  const { Properties: properties, DependsOn: dependsOn } = resource;
  const problems: string[] = [];
  if (properties !== undefined && properties !== null && !isRecord(properties))
    problems.push(`${path}.Properties must be a mapping`);
  if (dependsOn !== undefined && typeof dependsOn !== 'string' && !Array.isArray(dependsOn)) {
    problems.push(`${path}.DependsOn must be a logical id or a list of them`);
  }
  return problems;
}

/** Whether a value is a mapping, as templates have them. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
