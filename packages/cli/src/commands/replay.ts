import { relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { ReplayReport, ReplayStep } from '@skein/cloud/explore';
import { type CliEvent, type Command, defineCommand } from '../command.ts';
import { CommandError } from '../errors.ts';
import { stepThrough } from './replaySteps.ts';
import { readRecord, runRecordedTest } from './replayTest.ts';

/** `skein replay`. */
export const replay: Command = defineCommand({
  name: 'replay',
  describe: 'Run the schedule of a failure that explore() found, and show its steps',
  argument: { name: 'file', describe: 'record of the failure, in .skein/failures/' },
  options: {
    all: { type: 'boolean', describe: 'show also the choices at which the oldest step was taken' },
    step: {
      type: 'boolean',
      describe: 'go through the choices, forward and back, with what tables and queues held after each',
    },
  },
  examples: [
    'skein replay .skein/failures/an-order-is-charged-once-7.json',
    'skein replay .skein/failures/an-order-is-charged-once-7.json --step',
  ],
  async run({ argument, all, step }, { emit, stop, cwd, environment }) {
    const path = resolve(cwd, argument);
    const record = readRecord(path);
    emit({
      code: 'REPLAYING',
      kind: 'step',
      message: `Replaying '${record.test}' (${record.testFile}) under the schedule of ${relative(cwd, path)}`,
      data: { test: record.test, testFile: record.testFile },
    });
    const report = await runRecordedTest(record, { path, cwd, environment, stop });
    for (const event of eventsOf(report, all)) emit(event);
    if (step) {
      const typed = createInterface({ input: process.stdin });
      stop.addEventListener('abort', () => typed.close(), { once: true });
      await stepThrough(report.steps ?? [], typed, emit);
      typed.close();
    }
    if (report.failure === null && report.isConclusive !== true) {
      throw new CommandError(`the test passes in this replay, which proves nothing: ${report.note}`);
    }
  },
});

function eventsOf({ steps = [], explanation, tree, failure, note, seed }: ReplayReport, all: boolean): CliEvent[] {
  const shown = [...steps.entries()].filter(([, { taken }]) => all || taken !== 0);
  return [
    { code: 'EXPLANATION', message: explanation ?? '', data: { explanation, seed } },
    ...shown.map(([at, step]) => stepEvent(at + 1, step)),
    {
      code: 'STEPS',
      message: `${steps.length} choices, ${steps.filter(({ taken }) => taken !== 0).length} of them not the oldest`,
    },
    { code: 'HOPS', message: tree ?? '', data: { tree: tree?.split('\n') } },
    failure === null
      ? { code: 'PASSES', kind: 'success', message: `The test passes now: ${note}`, data: { note } }
      : {
          code: 'FAILS',
          kind: 'success',
          message: `The test fails as recorded: ${failure}\n${note}`,
          data: { failure, note },
        },
  ];
}

function stepEvent(number: number, { taken, ready }: ReplayStep): CliEvent {
  const others = ready.filter((_, at) => at !== taken).join(', ');
  return {
    code: 'STEP',
    message: `choice ${number}: ${ready[taken]}${taken === 0 ? '' : '  <== here'}  (also ready: ${others})`,
    data: { number, taken, ready },
  };
}
