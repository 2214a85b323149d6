/**
 * Makes objects that inherit nothing: keys that come from outside (`__proto__`, `constructor`, `toString`) are only keys in them.
 * Instances of one constructor stay in V8's fast mode, which `Object.create(null)` does not.
 */
function BareObject(): void {}
BareObject.prototype = Object.create(null);

/** Constructor of an object without a prototype chain. */
// A function with an empty prototype is such a constructor; TypeScript only knows classes as constructors.
export const Bare = BareObject as unknown as new <V>() => Record<string, V>;
