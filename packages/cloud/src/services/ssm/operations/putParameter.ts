import type { PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { check, oneOf, text } from '../constraints.ts';
import {
  invalidAllowedPattern,
  oldestVersionLabelled,
  parameterAlreadyExists,
  patternMismatch,
  validation,
} from '../errors.ts';
import { checkName } from '../name.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { PARAMETER_TYPES, type Parameter, type ParameterTier, type ParameterType, referenceOf } from '../parameter.ts';

const MOST_VERSIONS = 100;
const STANDARD_VALUE = 4096;
const ADVANCED_VALUE = 8192;
const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'];
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'];

export const putParameter =
  ({ parameters, labels, tags, scheduler }: SsmDependencies): SsmOperations['PutParameter'] =>
  (input, context) => {
    const { Value = '', Overwrite = false, Tags = [] } = input;
    check(
      text('name', input.Name, 2048),
      text('value', input.Value, ADVANCED_VALUE),
      oneOf('type', input.Type, PARAMETER_TYPES),
      oneOf('tier', input.Tier, TIERS),
    );
    const name = input.Name?.startsWith('arn:') === true ? referenceOf(input.Name).name : (input.Name ?? '');
    checkName(name);
    if (Overwrite && Tags.length > 0) {
      throw validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    }
    if (input.Policies !== undefined && input.Policies !== '' && input.Policies !== '[]') {
      throw validation('Skein does not support parameter policies: leave out Policies.');
    }
    const existing = parameters.find(context, name);
    if (existing !== undefined && !Overwrite) throw parameterAlreadyExists();
    const type = PARAMETER_TYPES.find((candidate) => candidate === input.Type) ?? existing?.type;
    if (type === undefined) throw validation('A parameter type is required when you create a parameter.');
    const dataType = input.DataType ?? existing?.dataType ?? 'text';
    if (!DATA_TYPES.includes(dataType)) {
      throw validation(`The following data type is not supported: ${dataType} (Data type names are all lowercase.)`);
    }
    const tier = tierOf(input, Value, existing);
    checkPattern(input.AllowedPattern, Value, type);
    const version = (existing?.version ?? 0) + 1;
    if (existing !== undefined) forgetOldest(existing);
    parameters.add(context, {
      name,
      type,
      value: Value,
      version,
      modifiedAt: scheduler.now,
      modifiedBy: context.principal.arn,
      description: input.Description ?? existing?.description,
      allowedPattern: input.AllowedPattern,
      tier,
      keyId: type === 'SecureString' ? (input.KeyId ?? existing?.keyId ?? 'alias/aws/ssm') : undefined,
      dataType,
    });
    for (const { Key = '', Value: value = '' } of Tags) tags.put(context, name, Key, value);
    return { Version: version, Tier: tier };

    /** Keeps to the limit of versions: the oldest goes, unless it has a label. */
    function forgetOldest(latest: Parameter): void {
      const { version: oldest, count } = parameters.oldest(context, name);
      if (count < MOST_VERSIONS) return;
      if (labels.of(context, latest.name).has(oldest)) throw oldestVersionLabelled(latest.name, oldest);
      parameters.removeVersion(context, name, oldest);
    }
  };

function tierOf(
  { Tier = 'Standard' }: Partial<PutParameterCommandInput>,
  value: string,
  existing: Parameter | undefined,
): ParameterTier {
  const large = value.length > STANDARD_VALUE;
  if (Tier === 'Advanced') return 'Advanced';
  if (Tier === 'Intelligent-Tiering') return large || existing?.tier === 'Advanced' ? 'Advanced' : 'Standard';
  if (existing?.tier === 'Advanced') {
    throw validation(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  if (large) {
    throw validation(
      `Standard tier parameters support a maximum parameter value of ${STANDARD_VALUE} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
  }
  return 'Standard';
}

function checkPattern(pattern: string | undefined, value: string, type: ParameterType): void {
  if (pattern === undefined || pattern === '') return;
  const values = type === 'StringList' ? value.split(',') : [value];
  const expression = expressionOf(pattern);
  if (!values.every((each) => expression.test(each))) throw patternMismatch(pattern);
}

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    throw invalidAllowedPattern();
  }
}
