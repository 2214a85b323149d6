import { check, list, text } from '../constraints.ts';
import { parameterNotFound, tooManyLabels, versionNotFound } from '../errors.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { referenceOf } from '../parameter.ts';

const MOST_LABELS = 10;

/** Letters, numbers, `.`, `-` and `_`; not a number at the beginning, nor `aws` or `ssm`. */
const isLabel = (label: string): boolean => /^(?!\d|aws|ssm)[\w.-]{1,100}$/i.test(label);

export const labelParameterVersion =
  ({ parameters, labels }: SsmDependencies): SsmOperations['LabelParameterVersion'] =>
  ({ Name, ParameterVersion, Labels = [] }, context) => {
    check(text('name', Name, 2048), list('labels', Labels, MOST_LABELS));
    const { name } = referenceOf(Name ?? '');
    const latest = parameters.find(context, name);
    if (latest === undefined) throw parameterNotFound();
    const version = ParameterVersion ?? latest.version;
    if (parameters.versions(context, name, version - 1, 1)[0]?.version !== version) {
      throw versionNotFound(name, version);
    }
    const valid = Labels.filter(isLabel);
    const there = labels.of(context, name).get(version) ?? [];
    if (new Set([...there, ...valid]).size > MOST_LABELS) throw tooManyLabels();
    for (const label of valid) labels.move(context, name, label, version);
    return { InvalidLabels: Labels.filter((label) => !isLabel(label)), ParameterVersion: version };
  };

export const unlabelParameterVersion =
  ({ parameters, labels }: SsmDependencies): SsmOperations['UnlabelParameterVersion'] =>
  ({ Name, ParameterVersion = 0, Labels = [] }, context) => {
    check(text('name', Name, 2048), list('labels', Labels, MOST_LABELS));
    const { name } = referenceOf(Name ?? '');
    if (parameters.find(context, name) === undefined) throw parameterNotFound();
    if (parameters.versions(context, name, ParameterVersion - 1, 1)[0]?.version !== ParameterVersion) {
      throw versionNotFound(name, ParameterVersion);
    }
    const RemovedLabels: string[] = [];
    const InvalidLabels: string[] = [];
    for (const label of Labels) {
      (labels.remove(context, name, label, ParameterVersion) ? RemovedLabels : InvalidLabels).push(label);
    }
    return { RemovedLabels, InvalidLabels };
  };
