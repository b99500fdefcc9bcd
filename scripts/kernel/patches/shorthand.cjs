// `{ limit }` with a `limit` of an earlier cell: its shorthand is written out before the name becomes `exports.limit`.
// And `{ train: rows }`, which takes the property `train` of an earlier cell's value, names no variable `train`.
"use strict";
module.exports = {
  file: "converter.js",
  changes: [
    [
      `            if (!ts.isIdentifier(node)) {
                return ts.visitEachChild(node, wrapPrevIdentifier, nullTransformationContext);
            }
`,
      `            if (ts.isShorthandPropertyAssignment(node)) {
                const symbol = checker.getShorthandAssignmentValueSymbol(ts.getOriginalNode(node));
                const fallback = node.objectAssignmentInitializer &&
                    wrapPrevIdentifier(node.objectAssignmentInitializer);
                if (!((symbol && symbol.declarations) || []).some((decl) => decl.getSourceFile() === declsFile)) {
                    return ts.factory.updateShorthandPropertyAssignment(node, node.name, fallback);
                }
                const variable = ts.factory.createPropertyAccessExpression(
                    ts.factory.createIdentifier("exports"), node.name.text);
                return ts.factory.createPropertyAssignment(
                    node.name.text, fallback ? ts.factory.createAssignment(variable, fallback) : variable);
            }
            if (!ts.isIdentifier(node)) {
                return ts.visitEachChild(node, wrapPrevIdentifier, nullTransformationContext);
            }
            const written = ts.getOriginalNode(node);
            const owner = written.parent;
            if (owner && ((ts.isBindingElement(owner) && owner.propertyName === written) ||
                (ts.isPropertyAssignment(owner) && owner.name === written))) {
                return node;
            }
`,
    ],
  ],
};
