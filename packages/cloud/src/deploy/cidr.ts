import { isIPv4 } from 'node:net';
import { DeployError } from './errors.ts';

/**
 * The first `count` blocks of `bits` host bits in an IPv4 block.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
 */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [address = '', prefix = ''] = block.split('/');
  if (!isIPv4(address) || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32) {
    throw new DeployError(`Fn::Cidr takes an IPv4 block such as 10.0.0.0/16, not '${block}'`);
  }
  const size = 2 ** bits;
  const room = 2 ** (32 - Number(prefix));
  if (!(count >= 1 && count <= 256) || !(bits >= 1 && bits <= 32) || count * size > room) {
    throw new DeployError(`Fn::Cidr cannot make ${count} blocks of ${bits} bits out of ${block}`);
  }
  const start = address.split('.').reduce((value, part) => value * 256 + Number(part), 0);
  const first = start - (start % room);
  return Array.from({ length: count }, (_, index) => `${dotted(first + index * size)}/${32 - bits}`);
}

const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
