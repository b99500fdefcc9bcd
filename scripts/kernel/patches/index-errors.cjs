// `iris.X[0]`, where nothing has such an index, is a type error; without `noImplicitAny` it is `any`, and undefined
// when it runs. The other errors that come with that option are not a learner's concern.
"use strict";
module.exports = {
  file: "converter.js",
  changes: [
    [
      `        experimentalDecorators: true,
`,
      `        experimentalDecorators: true,
        noImplicitAny: true,
`,
    ],
    [
      `            if (!d.file) {
                continue;
            }
`,
      `            if (!d.file) {
                continue;
            }
            if (d.code >= 7000 && d.code < 7100 && d.code !== 7053) {
                continue;
            }
`,
    ],
  ],
};
