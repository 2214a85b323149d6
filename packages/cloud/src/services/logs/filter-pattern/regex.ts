import { invalidParameter } from '../errors.ts';

/**
 * A regular expression as CloudWatch Logs allows it: without groups and characters outside its short list.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
 *
 * @throws InvalidParameterException
 */
export function regexOf(text: string): RegExp {
  const unescaped = text.replaceAll(/\\./g, '');
  if (text === '' || /[^\w#=@/;,:\-^$?[\]{}|\\*+. ']/.test(unescaped)) {
    throw invalidParameter(`Invalid regular expression in filter pattern: ${text}`);
  }
  try {
    return new RegExp(text);
  } catch {
    throw invalidParameter(`Invalid regular expression in filter pattern: ${text}`);
  }
}
