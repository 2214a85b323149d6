/** XML text: an escaping writer's parts. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028]/g;

/** Text as the content of an element or an attribute: `&`, `<`, `>`, `"`, and what a parser would alter or refuse. */
export const escapeXml = (text: string): string => (text.search(SPECIAL) < 0 ? text : text.replace(SPECIAL, escapeOne));

function escapeOne(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '"':
      return '&quot;';
    default:
      return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  }
}

/** An element with content that is XML already; attributes begin with a space. */
export const element = (tag: string, content: string, attributes = ''): string =>
  content === '' ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${content}</${tag}>`;
