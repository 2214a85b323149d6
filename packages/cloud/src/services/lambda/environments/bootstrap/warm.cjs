'use strict';
// Imported once by every blank: the way of a function's module into the process has then been walked.
exports.handler = undefined;
