import { Socket, type SocketConstructorOpts } from 'node:net';

/** What all connections read into: each must be done with it, or copy it, before it returns. */
const shared: Buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** The part of a socket that Node's types leave out: what it reads and writes through. */
interface WithHandle {
  _handle?: unknown;
}

/**
 * A socket in the place of one that a server accepted with `pauseOnConnect`, which reads without the 64 KB that Node allots to each read, and
 * gives back: a third of what an ordinary request costs. Node has reads of this kind for clients alone, so the connection's handle moves from
 * one socket to another.
 *
 * @param take - takes bytes that are overwritten when it returns; false: no more until `resume()`
 */
export function onSharedReads(accepted: Socket, take: (bytes: Buffer) => boolean): Socket {
  const from = accepted as WithHandle; // see there
  const options = {
    handle: from._handle,
    allowHalfOpen: true,
    onread: { buffer: shared, callback: (count: number) => take(shared.subarray(0, count)) },
  };
  from._handle = null;
  const socket = new Socket(options as SocketConstructorOpts); // `handle` is what servers give
  // The server counts its connections by the sockets that it made.
  socket.once('close', () => accepted.destroy());
  return socket;
}
