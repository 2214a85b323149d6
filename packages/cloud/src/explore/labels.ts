/** Who a step belongs to: the function's process or client (`Charge.0`, `client`); of what the cloud does by itself, the whole label. */
export const ownerOf = (label: string): string => LANE.exec(label)?.[1] ?? label.replace(/ are available$/, '');

/** What the step is, without who does it; empty for what the cloud does by itself. */
export const stepOf = (label: string): string => LANE.exec(label)?.[2]?.replace(/^its /, '') ?? '';

const LANE = /^(client|\S+\.\d+) (.+)$/;

/** A label in the words of who reads it: operations instead of the requests that ask for them, names instead of ARNs. */
export const tidy = (label: string): string =>
  label
    .replace(/\S+ \/2015-03-31\/functions\/(\S+)\/invocations\b/, (_, fn: string) => `Invoke of ${decoded(fn)}`)
    .replace(/arn:[^\s,)]+/g, (arn) => arn.split(/[:/]/).at(-1) ?? arn);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
