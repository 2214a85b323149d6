/** One of DynamoDB's types with its value: `{ S: 'tea' }`. In the events of a stream binary values are base64. */
type Typed = readonly [type: string, value: unknown];

/** The plain item of an image in an event: `{ id: { S: '7' } }` is `{ id: '7' }`. */
export const plainItem = (image: Readonly<Record<string, object>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plainValue(value)]));

function plainValue(attribute: object): unknown {
  const [type, value] = (Object.entries(attribute)[0] ?? ['NULL', true]) as Typed; // an attribute value has one member
  // The casts below: the type's name says which JSON its value is.
  switch (type) {
    case 'N':
      return plainNumber(value as string);
    case 'B':
      return Buffer.from(value as string, 'base64');
    case 'NULL':
      return null;
    case 'M':
      return plainItem(value as Record<string, object>);
    case 'L':
      return (value as object[]).map(plainValue);
    case 'SS':
      return new Set(value as string[]);
    case 'NS':
      return new Set((value as string[]).map(plainNumber));
    case 'BS':
      return new Set((value as string[]).map((bytes) => Buffer.from(bytes, 'base64')));
    default:
      return value;
  }
}

/** A whole number that a JavaScript number cannot hold exactly is a bigint. */
function plainNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text);
}
