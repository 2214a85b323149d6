'use strict';
exports.supplyModules = () => {};
