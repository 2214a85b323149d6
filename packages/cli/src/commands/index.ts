import type { Command } from '../command.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { openapi } from './openapi.ts';
import { replay } from './replay.ts';

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly Command[] = [dev, doctor, openapi, replay];
