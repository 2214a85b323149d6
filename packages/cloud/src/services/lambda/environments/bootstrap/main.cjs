'use strict';
// The program of an execution environment's process. It starts as a blank that belongs to no function, waits for an assignment, and from then
// on is the runtime of one function. Node runs this file as it stands.
const { readAssignment } = require('./assignment.cjs');
const { RuntimeClient } = require('./runtimeClient.cjs');
const { patchConsole } = require('./console.cjs');
const { loadHandler } = require('./handler.cjs');
const { supplyModules } = require('./modules.cjs');
const { setGlobals } = require('./globals.cjs');
const { runByThirdRules } = require('./thirdRules.cjs');
const { runByFourthRules } = require('./fourthRules.cjs');

const assignment = readAssignment();
const client = new RuntimeClient(process.env.AWS_LAMBDA_RUNTIME_API);
const log = patchConsole(process.env);
setGlobals(process.env);
supplyModules(assignment);
if (assignment.compileCache !== undefined) require('node:module').enableCompileCache(assignment.compileCache);

const run = assignment.generation === 4 ? runByFourthRules : runByThirdRules;
run({ client, log, load: () => loadHandler(assignment) });
