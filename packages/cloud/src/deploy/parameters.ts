import { DeployError } from './errors.ts';
import type { ParameterDeclaration, Template } from './template.ts';

/** The value of a parameter: a list for the list types. */
export type ParameterValue = string | readonly string[];

export interface ParameterInput {
  readonly template: Template;
  /** What the user gave, by name. */
  readonly given: Readonly<Record<string, string>>;
  /** What the stack has from its last deploy. */
  readonly previous: Readonly<Record<string, string>>;
  /** The value of an SSM parameter. */
  readonly ssm: (name: string) => Promise<string>;
}

/** CDK's check that an account was bootstrapped: there is nothing to bootstrap on one machine. */
const BOOTSTRAP_VERSION = /^\/cdk-bootstrap\/[^/]+\/version$/;
const LATEST_BOOTSTRAP_VERSION = '30';

/**
 * The value of each parameter of a template: given, else as before, else the default.
 *
 * @throws {DeployError} that names at once all that have no value, are not allowed, or are not the template's
 */
export async function parameterValues(input: ParameterInput): Promise<Record<string, ParameterValue>> {
  const { template, given, previous } = input;
  const problems: string[] = [];
  const missing: string[] = [];
  const values: Record<string, ParameterValue> = {};
  for (const [name, declaration] of Object.entries(template.Parameters)) {
    const text = given[name] ?? previous[name] ?? textOf(declaration.Default);
    if (text === undefined) {
      missing.push(name);
      continue;
    }
    const problem = problemOf(declaration, text);
    if (problem !== undefined) problems.push(`parameter ${name} is '${text}', but ${problem}`);
    else values[name] = await typedValue(declaration, text, input);
  }
  for (const name of missing) {
    const { Type, Description } = template.Parameters[name] ?? { Type: 'String' };
    problems.push(
      `parameter ${name} (${Type}) has no default and no value${Description === undefined ? '' : `: ${Description}`}`,
    );
  }
  if (missing.length > 0)
    problems.push(
      `give values with --parameters ${missing.map((name) => `${name}=…`).join(' ')} or { parameters: { ${missing[0]}: '…' } }`,
    );
  if (problems.length > 0) throw new DeployError('the parameters of the template are not complete:', problems);
  return values;
}

/** The names that were given but that no template declares. */
export function unknownParameters(templates: readonly Template[], given: Readonly<Record<string, string>>): string[] {
  return Object.keys(given).filter((name) => !templates.some(({ Parameters }) => Object.hasOwn(Parameters, name)));
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return Array.isArray(value) ? value.join(',') : String(value);
}

async function typedValue(
  { Type }: ParameterDeclaration,
  text: string,
  { ssm }: ParameterInput,
): Promise<ParameterValue> {
  const stored = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(Type)?.[1];
  if (stored === undefined) return isList(Type) ? splitList(text) : text;
  const value = BOOTSTRAP_VERSION.test(text) ? LATEST_BOOTSTRAP_VERSION : await ssm(text);
  return isList(stored) ? splitList(value) : value;
}

const isList = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<');
const splitList = (text: string): string[] => (text === '' ? [] : text.split(',').map((item) => item.trim()));

function problemOf(declaration: ParameterDeclaration, text: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern, ConstraintDescription, MinLength, MaxLength, MinValue, MaxValue } =
    declaration;
  const because = ConstraintDescription === undefined ? '' : ` (${ConstraintDescription})`;
  const items = isList(Type) ? splitList(text) : [text];
  if (Type === 'Number' && (text.trim() === '' || Number.isNaN(Number(text)))) return 'it must be a number';
  if (AllowedValues !== undefined && !items.every((item) => AllowedValues.map(String).includes(item))) {
    return `allowed are ${AllowedValues.map(String).join(', ')}${because}`;
  }
  if (AllowedPattern !== undefined && !items.every((item) => new RegExp(`^(?:${AllowedPattern})$`).test(item))) {
    return `it must match ${AllowedPattern}${because}`;
  }
  if (MinLength !== undefined && text.length < Number(MinLength))
    return `it must have at least ${MinLength} characters${because}`;
  if (MaxLength !== undefined && text.length > Number(MaxLength))
    return `it must have at most ${MaxLength} characters${because}`;
  if (MinValue !== undefined && Number(text) < Number(MinValue)) return `it must be at least ${MinValue}${because}`;
  if (MaxValue !== undefined && Number(text) > Number(MaxValue)) return `it must be at most ${MaxValue}${because}`;
  return undefined;
}
