import { parseArn } from '../../../kernel/names.ts';
import { DEFAULT_BUS } from '../bus.ts';
import { notFound, validation } from '../errors.ts';
import { findBus, findRule } from '../found.ts';
import type { EventBridgeDependencies, EventBridgeOperations, EventBridgeStores } from '../operation.ts';

export const tagResource =
  ({ stores }: EventBridgeDependencies): EventBridgeOperations['TagResource'] =>
  ({ ResourceARN = '', Tags }) => {
    checkThere(stores, ResourceARN);
    stores.tags.put(ResourceARN, Tags);
    return {};
  };

export const untagResource =
  ({ stores }: EventBridgeDependencies): EventBridgeOperations['UntagResource'] =>
  ({ ResourceARN = '', TagKeys }) => {
    checkThere(stores, ResourceARN);
    stores.tags.remove(ResourceARN, TagKeys);
    return {};
  };

export const listTagsForResource =
  ({ stores }: EventBridgeDependencies): EventBridgeOperations['ListTagsForResource'] =>
  ({ ResourceARN = '' }) => {
    checkThere(stores, ResourceARN);
    return { Tags: stores.tags.of(ResourceARN) };
  };

/** @throws ResourceNotFoundException, ValidationException */
function checkThere(stores: EventBridgeStores, arn: string): void {
  const parsed = parseArn(arn);
  const [kind, ...path] = parsed?.resource.split('/') ?? [];
  if (parsed === undefined) throw validation(`Parameter ResourceARN is not valid. Reason: ${arn} is no ARN.`);
  const last = path.at(-1) ?? '';
  const bus = path.slice(0, -1).join('/') || DEFAULT_BUS;
  if (kind === 'rule') findRule(stores, { Name: last, EventBusName: bus }, parsed);
  else if (kind === 'event-bus')
    findBus(stores, { account: parsed.account, region: parsed.region, bus: path.join('/') });
  else throw notFound(`The resource ${arn} does not exist.`);
}
