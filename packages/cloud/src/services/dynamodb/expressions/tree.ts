/** The parameter that an expression came in: AWS's texts begin with its name. */
export type ExpressionKind =
  | 'ConditionExpression'
  | 'FilterExpression'
  | 'KeyConditionExpression'
  | 'UpdateExpression'
  | 'ProjectionExpression';

/** A step of a document path: an attribute's name, an alias of one (`#p`), or an index of a list. */
export type PathElement = string | number;

/** A document path as written: `orders[3].#total`. */
export interface PathNode {
  readonly kind: 'path';
  readonly elements: readonly PathElement[];
}

/** A value of ExpressionAttributeValues. */
export interface ValueNode {
  readonly kind: 'value';
  readonly name: string;
}

export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly OperandNode[];
}

/** What stands for a value. */
export type OperandNode = PathNode | ValueNode | CallNode;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface ComparisonNode {
  readonly kind: 'comparison';
  readonly operator: Comparator;
  readonly left: OperandNode;
  readonly right: OperandNode;
}

export interface BetweenNode {
  readonly kind: 'between';
  readonly operand: OperandNode;
  readonly lower: OperandNode;
  readonly upper: OperandNode;
}

export interface InNode {
  readonly kind: 'in';
  readonly operand: OperandNode;
  readonly candidates: readonly OperandNode[];
}

export interface LogicNode {
  readonly kind: 'and' | 'or';
  readonly left: ConditionNode;
  readonly right: ConditionNode;
}

export interface NotNode {
  readonly kind: 'not';
  readonly operand: ConditionNode;
}

/** What is true or false. A call among them is one of a function that answers so. */
export type ConditionNode = ComparisonNode | BetweenNode | InNode | LogicNode | NotNode | CallNode;

/** An operand, or the sum or difference of two. */
export type UpdateValueNode =
  | OperandNode
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-';
      readonly left: OperandNode;
      readonly right: OperandNode;
    };

/** One thing that an update does to one path. */
export type ActionNode =
  | { readonly kind: 'set'; readonly path: PathNode; readonly value: UpdateValueNode }
  | { readonly kind: 'remove'; readonly path: PathNode }
  | { readonly kind: 'add' | 'delete'; readonly path: PathNode; readonly value: ValueNode };

/** What was read of an expression's text, and which aliases and values it uses, in order. */
export interface Parsed<Root> {
  readonly kind: ExpressionKind;
  readonly root: Root;
  readonly aliases: readonly string[];
  readonly values: readonly string[];
}
