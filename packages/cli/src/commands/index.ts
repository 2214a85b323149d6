import type { Command } from '../command.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { eventPut } from './eventPut.ts';
import { openapi } from './openapi.ts';
import { queuePeek } from './queuePeek.ts';
import { queuePurge } from './queuePurge.ts';
import { queueRedrive } from './queueRedrive.ts';
import { queueSend } from './queueSend.ts';
import { replay } from './replay.ts';

/** All commands, in the order of `--help`. */
export const COMMANDS: readonly Command[] = [
  dev,
  doctor,
  openapi,
  replay,
  queuePeek,
  queueSend,
  queuePurge,
  queueRedrive,
  eventPut,
];
