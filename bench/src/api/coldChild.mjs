// Load and first request of a contestant, in a process that has loaded nothing else. No TypeScript: stripping types would be measured too.
const [file, text] = process.argv.slice(2);
const context = {
  awsRequestId: 'c6af9ac6',
  functionName: 'bench',
  memoryLimitInMB: '1024',
  callbackWaitsForEmptyEventLoop: true,
};
const before = process.cpuUsage();
const start = performance.now();
const { handler } = await import(file);
const answer = await handler(JSON.parse(text), context);
JSON.stringify(answer);
const wall = performance.now() - start;
const { user, system } = process.cpuUsage(before);
if (answer.statusCode !== 200) throw new Error(JSON.stringify(answer));
process.stdout.write(JSON.stringify({ cpu: (user + system) / 1000, wall }));
process.exit(0);
