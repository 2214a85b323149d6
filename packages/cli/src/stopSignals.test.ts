import { afterEach, expect, it, vi } from 'vitest';
import { watchStopSignals } from './stopSignals.ts';

let dispose: Disposable | undefined;
afterEach(() => dispose?.[Symbol.dispose]());

function watch() {
  const time = { now: 0 };
  const onFirst = vi.fn();
  const exit = vi.fn();
  const signals = watchStopSignals({ onFirst, exit, now: () => time.now });
  dispose = signals;
  // Only our listeners hear of it: no signal is sent.
  const press = (at: number): void => {
    time.now = at;
    process.emit('SIGHUP');
  };
  return { onFirst, exit, press, stop: signals.stop };
}

it('asks to stop at the first signal', () => {
  const { onFirst, exit, press, stop } = watch();
  press(0);
  expect(stop.aborted).toBe(true);
  expect(onFirst).toHaveBeenCalledOnce();
  expect(exit).not.toHaveBeenCalled();
});

it('takes two signals of one key press for one: npm passes on what the terminal has already sent', () => {
  const { onFirst, exit, press } = watch();
  press(0);
  press(20);
  expect(onFirst).toHaveBeenCalledOnce();
  expect(exit).not.toHaveBeenCalled();
});

it('ends the process at once at a second press', () => {
  const { exit, press } = watch();
  press(0);
  press(400);
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});
