import type { Policy, PolicyVersion } from '@aws-sdk/client-iam';
import { globalArn } from '../../../kernel/names.ts';
import { awsManagedPolicy, awsManagedPolicyArns, knownByNameOnly } from '../aws-managed/awsManaged.ts';
import { check, NAME_LENGTHS, name as nameOf, oneOf, path as pathOf, policyArn } from '../constraints.ts';
import { ID_PREFIXES } from '../entity.ts';
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity, policyNotFound } from '../errors.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { pageOf } from '../page.ts';
import { checkManagedPolicy, encodedDocument } from '../policyDocument.ts';
import type { ManagedPolicy } from '../policyStore.ts';
import { checkTags } from '../tags.ts';

const MOST_VERSIONS = 5;

export const createPolicy =
  (dependencies: IamDependencies): IamOperations['CreatePolicy'] =>
  (input, context) => {
    const { policies, tags, scheduler, random } = dependencies;
    const { PolicyName: name = '', Path: path = '/', Tags = [] } = input;
    check(
      nameOf('policyName', input.PolicyName, NAME_LENGTHS.policy),
      pathOf(input.Path),
      input.PolicyDocument === undefined && { at: 'policyDocument', must: 'not be null' },
    );
    checkTags(Tags);
    const document = checkManagedPolicy(input.PolicyDocument);
    if (policies.named(context, name) !== undefined) {
      throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    }
    const arn = globalArn('iam', context, `policy${path}${name}`);
    const { now } = scheduler;
    const policy: ManagedPolicy = {
      arn,
      id: ID_PREFIXES.policy + random.of(arn).letters(17),
      account: context.account,
      name,
      path,
      description: input.Description,
      createdAt: now,
      updatedAt: now,
      defaultVersion: 1,
      lastVersion: 1,
    };
    policies.insert(policy);
    policies.addVersion(arn, { version: 1, document, createdAt: now });
    tags.put(arn, Tags);
    const { Description: _, ...answer } = policyAnswer(dependencies, policy);
    return { Policy: { ...answer, ...(Tags.length === 0 ? {} : { Tags: tags.of(arn) }) } };
  };

export const getPolicy =
  (dependencies: IamDependencies): IamOperations['GetPolicy'] =>
  ({ PolicyArn }) => {
    const arn = policyArn(PolicyArn);
    if (awsManagedPolicy(arn) !== undefined) return { Policy: awsAnswer(dependencies, arn) };
    return {
      Policy: { ...policyAnswer(dependencies, dependencies.policies.get(arn)), Tags: dependencies.tags.of(arn) },
    };
  };

export const listPolicies =
  (dependencies: IamDependencies): IamOperations['ListPolicies'] =>
  (input, context) => {
    const { Scope: scope = 'All', OnlyAttached = false, PathPrefix = '/' } = input;
    check(oneOf('scope', scope, ['All', 'AWS', 'Local']));
    const own =
      scope === 'AWS' ? [] : dependencies.policies.list(context).map((policy) => policyAnswer(dependencies, policy));
    const aws = scope === 'Local' ? [] : awsManagedPolicyArns(context).map((arn) => awsAnswer(dependencies, arn));
    const wanted = [...own, ...aws].filter(
      ({ Path = '/', AttachmentCount = 0 }) => Path.startsWith(PathPrefix) && (!OnlyAttached || AttachmentCount > 0),
    );
    const { items, page } = pageOf(wanted, input, ({ Arn = '' }) => Arn);
    return { Policies: items.map(({ Description: _, ...policy }) => policy), ...page };
  };

export const deletePolicy =
  ({ policies, tags }: IamDependencies): IamOperations['DeletePolicy'] =>
  ({ PolicyArn }) => {
    const policy = policies.get(policyArn(PolicyArn));
    if (policies.attachments(policy.arn) > 0 || policies.bounded(policy.arn).length > 0) {
      throw deleteConflict('a policy attached to entities.');
    }
    if (policies.versions(policy.arn).length > 1) {
      throw deleteConflict(
        "a policy that has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    tags.removeAll(policy.arn);
    policies.remove(policy);
    return {};
  };

export const createPolicyVersion =
  ({ policies, scheduler }: IamDependencies): IamOperations['CreatePolicyVersion'] =>
  ({ PolicyArn, PolicyDocument, SetAsDefault = false }) => {
    const policy = policies.get(policyArn(PolicyArn));
    const document = checkManagedPolicy(PolicyDocument);
    if (policies.versions(policy.arn).length >= MOST_VERSIONS) {
      throw limitExceeded(
        `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    const version = policy.lastVersion + 1;
    const { now } = scheduler;
    policies.addVersion(policy.arn, { version, document, createdAt: now });
    policies.update({
      ...policy,
      lastVersion: version,
      updatedAt: now,
      defaultVersion: SetAsDefault ? version : policy.defaultVersion,
    });
    return {
      PolicyVersion: { VersionId: `v${version}`, IsDefaultVersion: SetAsDefault, CreateDate: new Date(now) },
    };
  };

export const getPolicyVersion =
  ({ policies }: IamDependencies): IamOperations['GetPolicyVersion'] =>
  ({ PolicyArn, VersionId = '' }) => {
    const arn = policyArn(PolicyArn);
    const aws = awsManagedPolicy(arn);
    if (aws !== undefined) {
      if (aws.document === undefined) throw noSuchEntity(knownByNameOnly(aws.name));
      if (VersionId !== 'v1') throw noSuchVersion(arn, VersionId);
      return { PolicyVersion: { ...AWS_VERSION, Document: encodedDocument(aws.document) } };
    }
    const policy = policies.get(arn);
    const found = policies.version(arn, numberOf(VersionId));
    if (found === undefined) throw noSuchVersion(arn, VersionId);
    return { PolicyVersion: { Document: encodedDocument(found.document), ...versionAnswer(policy, found) } };
  };

export const listPolicyVersions =
  ({ policies }: IamDependencies): IamOperations['ListPolicyVersions'] =>
  (input) => {
    const arn = policyArn(input.PolicyArn);
    if (awsManagedPolicy(arn) !== undefined) return { Versions: [AWS_VERSION], IsTruncated: false };
    const policy = policies.get(arn);
    const { items, page } = pageOf(policies.versions(arn), input, ({ version }) => String(version));
    return { Versions: items.map((version) => versionAnswer(policy, version)), ...page };
  };

export const setDefaultPolicyVersion =
  ({ policies, scheduler }: IamDependencies): IamOperations['SetDefaultPolicyVersion'] =>
  ({ PolicyArn, VersionId = '' }) => {
    const policy = policies.get(policyArn(PolicyArn));
    const found = policies.version(policy.arn, numberOf(VersionId));
    if (found === undefined) throw noSuchVersion(policy.arn, VersionId);
    policies.update({ ...policy, defaultVersion: found.version, updatedAt: scheduler.now });
    return {};
  };

export const deletePolicyVersion =
  ({ policies }: IamDependencies): IamOperations['DeletePolicyVersion'] =>
  ({ PolicyArn, VersionId = '' }) => {
    const policy = policies.get(policyArn(PolicyArn));
    const found = policies.version(policy.arn, numberOf(VersionId));
    if (found === undefined) throw noSuchVersion(policy.arn, VersionId);
    if (found.version === policy.defaultVersion) throw deleteConflict('the default version of a policy.');
    policies.removeVersion(policy.arn, found.version);
    return {};
  };

/** AWS changes its policies; here each has the one version that is known. */
const AWS_VERSION: PolicyVersion = { VersionId: 'v1', IsDefaultVersion: true, CreateDate: new Date(0) };

const numberOf = (versionId: string): number => (/^v\d+$/.test(versionId) ? Number(versionId.slice(1)) : 0);

const noSuchVersion = (arn: string, versionId: string) =>
  noSuchEntity(`Policy ${arn} version ${versionId} does not exist or is not attachable.`);

const versionAnswer = (
  policy: ManagedPolicy,
  { version, createdAt }: { version: number; createdAt: number },
): PolicyVersion => ({
  VersionId: `v${version}`,
  IsDefaultVersion: version === policy.defaultVersion,
  CreateDate: new Date(createdAt),
});

const policyAnswer = ({ policies }: IamDependencies, policy: ManagedPolicy): Policy => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: `v${policy.defaultVersion}`,
  AttachmentCount: policies.attachments(policy.arn),
  PermissionsBoundaryUsageCount: policies.bounded(policy.arn).length,
  IsAttachable: true,
  ...(policy.description === undefined ? {} : { Description: policy.description }),
  CreateDate: new Date(policy.createdAt),
  UpdateDate: new Date(policy.updatedAt),
});

function awsAnswer({ policies }: IamDependencies, arn: string): Policy {
  const policy = awsManagedPolicy(arn);
  if (policy === undefined) throw policyNotFound(arn);
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: arn,
    Path: policy.path,
    DefaultVersionId: 'v1',
    AttachmentCount: policies.attachments(arn),
    PermissionsBoundaryUsageCount: policies.bounded(arn).length,
    IsAttachable: true,
    ...(policy.document === undefined ? { Description: knownByNameOnly(policy.name) } : {}),
    CreateDate: new Date(0),
    UpdateDate: new Date(0),
  };
}
