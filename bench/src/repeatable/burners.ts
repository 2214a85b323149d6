import { Worker } from 'node:worker_threads';

/** Threads that compute without end, until it is disposed of: what a busy machine looks like. */
export function startBurners(count: number): AsyncDisposable {
  const threads = Array.from(
    { length: count },
    () => new Worker('for (let n = 0; ; n++) Math.sqrt(n);', { eval: true }),
  );
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
