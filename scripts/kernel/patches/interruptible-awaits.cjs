// Each `await` of a cell also ends when the cell is interrupted, so that its code does not live on unseen.
"use strict";
module.exports = {
  file: "converter.js",
  changes: [
    [
      `        // Wrap identifiers to previous variables with exports.
        function wrapPrevIdentifier(node) {
`,
      `        function waitFor(name, expression, node) {
            const original = ts.getOriginalNode(node);
            const line = original.pos < 0 ? 0
                : ts.getLineAndCharacterOfPosition(builder.getSourceFile(srcFilename), original.getStart()).line
                    + 1 - srcPrefixOffsets.line;
            return ts.factory.createCallExpression(ts.factory.createPropertyAccessExpression(
                ts.factory.createIdentifier("__tslab__"), name), undefined,
                [wrapPrevIdentifier(expression), ts.factory.createNumericLiteral(Math.max(0, line))]);
        }
        // Wrap identifiers to previous variables with exports.
        function wrapPrevIdentifier(node) {
            if (ts.isAwaitExpression(node)) {
                return ts.factory.updateAwaitExpression(node, waitFor("wait", node.expression, node));
            }
            if (ts.isForOfStatement(node) && node.awaitModifier) {
                return ts.factory.updateForOfStatement(node, node.awaitModifier,
                    wrapPrevIdentifier(node.initializer), waitFor("waitEach", node.expression, node),
                    wrapPrevIdentifier(node.statement));
            }
`,
    ],
  ],
};
