/** Percent-decodes a text once; a text that cannot be decoded is returned as it is. */
export function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Decodes a name or value of a query string or form, where `+` is a space. */
export const decodePlus = (text: string): string => decode(text.includes('+') ? text.replaceAll('+', ' ') : text);
