import type { SamplingOptions, SamplingRate } from './options.ts';

/** Counts the requests of one route under one rate. Nothing is drawn by chance: a rate of 0.1 takes exactly every tenth. */
export class Sampler {
  readonly #target: number;
  readonly #rate: number;
  readonly #periodMs: number;
  #start = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #share = 0;

  constructor({ target = 1, rate = 0.1, period = 60 }: SamplingRate) {
    this.#target = target;
    this.#rate = rate;
    this.#periodMs = period * 1000;
  }

  /** Whether the request at this time (ms) is a sample. */
  take(now: number): boolean {
    if (now - this.#start >= this.#periodMs) {
      this.#start = now;
      this.#taken = 0;
    }
    if (this.#taken < this.#target && now - this.#start >= (this.#taken * this.#periodMs) / this.#target) {
      this.#taken++;
      return true;
    }
    this.#share += this.#rate;
    // The sum of tenths is not exactly one.
    if (this.#share < 1 - 1e-9) return false;
    this.#share -= 1;
    return true;
  }
}

interface SampledRoute {
  readonly method: string;
  readonly path: string;
}

/** Chooses the requests of an app that are sampled. */
export class Sampling {
  /** Lowest level that is written for a sample. */
  readonly level: string;
  readonly #options: SamplingOptions;
  readonly #samplers = new Map<SampledRoute, Sampler>();

  constructor(options: SamplingOptions) {
    this.#options = options;
    this.level = options.level ?? 'trace';
  }

  /** Whether the request of a route at this time (ms) is a sample. */
  take(route: SampledRoute, now: number): boolean {
    let sampler = this.#samplers.get(route);
    if (sampler === undefined) {
      sampler = new Sampler(this.#rateOf(route));
      this.#samplers.set(route, sampler);
    }
    return sampler.take(now);
  }

  #rateOf(route: SampledRoute): SamplingRate {
    const rule = this.#options.rules?.find(
      ({ route: pattern, method }) => fits(pattern, route.path) && allows(method, route.method),
    );
    return rule ?? this.#options;
  }
}

function fits(pattern: string, path: string): boolean {
  const full = pattern.startsWith('/') ? pattern : `/${pattern}`;
  if (full.endsWith('*')) return path.startsWith(full.slice(0, -1));
  return (full.length > 1 ? full.replace(/\/$/, '') : full) === path;
}

function allows(methods: string | readonly string[] | undefined, method: string): boolean {
  if (methods === undefined) return true;
  const list = typeof methods === 'string' ? methods.split(',') : methods;
  return method === 'ANY' || list.some((each) => each.trim().toUpperCase() === method);
}
