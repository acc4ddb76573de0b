#!/usr/bin/env node
// totpd's client for Node 18 and later: copy this one file. Every failure is a no.
//
//     const totpd = new Totpd('/run/totpd/totpd.sock');
//     const reply = await totpd.verify(userId, code);
//     if (reply.ok === true) ...
//
// Only "ok":true is a yes. The id says which request a reply is for. A request
// that would do something twice is sent once.
'use strict';

const net = require('node:net');
const { randomBytes } = require('node:crypto');

const REPLY_BYTES_MAX = 1 << 20;
const IDLE_MAX = 8;
// While totpd's queue is full, the kernel refuses whoever connects (EAGAIN).
const QUEUE_PAUSE = 10;

class Totpd {
  constructor(path = '/run/totpd/totpd.sock', milliseconds = 5000) {
    this.path = path;
    this.milliseconds = milliseconds;
    this.idle = [];
  }

  /** Is this the user's code, for the first time? After a lost reply it asks once more. */
  verify(user, code, more = {}) {
    // The attempt goes to totpd alone: whoever has it and the code gets the same answer.
    const attempt = randomBytes(16).toString('hex');
    return this.ask({ ...more, op: 'verify', user, code, attempt });
  }

  /** The reply, in which `ok` is true or false. What failed is false and `unavailable`. */
  async ask(request) {
    const id = randomBytes(8).toString('hex');
    const line = JSON.stringify({ ...request, id }) + '\n';
    // A request that may be repeated uses a kept connection, and then once a new one.
    // Any other request uses a new one, since a kept one may have died unnoticed.
    const isRepeatable = 'attempt' in request || ['hello', 'status'].includes(request.op);
    for (const kept of isRepeatable ? [true, false] : [false]) {
      try {
        return await this.exchange(kept && this.idle.pop(), line, id);
      } catch {
        // Asked again, or answered below.
      }
    }
    return { ok: false, error: 'unavailable' };
  }

  /** One try. After a failure the connection is never used again. */
  exchange(kept, line, id) {
    return new Promise((resolve, reject) => {
      let connection;
      let bytes = Buffer.alloc(0);
      let again;
      const fail = (reason) => {
        clearTimeout(timer);
        clearTimeout(again);
        connection.destroy();
        reject(new Error(reason));
      };
      const timer = setTimeout(() => fail('no answer in time'), this.milliseconds);
      const use = (opened) => {
        connection = opened;
        connection.removeAllListeners();
        connection.ref();
        connection.on('error', (error) => {
          if (error.code !== 'EAGAIN' || error.syscall !== 'connect') return fail(error.message);
          connection.removeAllListeners();
          again = setTimeout(() => use(net.connect(this.path)), QUEUE_PAUSE);
        });
        connection.on('close', () => fail('hung up'));
        connection.on('data', (part) => {
          bytes = Buffer.concat([bytes, part]);
          const end = bytes.indexOf(10);
          if (end < 0 && bytes.length <= REPLY_BYTES_MAX) return;
          const reply = end === bytes.length - 1 ? read(bytes, id) : null;
          if (reply === null) return fail('not the answer to this request');
          clearTimeout(timer);
          this.keep(connection);
          resolve(reply);
        });
        connection.write(line);
      };
      use(kept || net.connect(this.path));
    });
  }

  keep(connection) {
    const drop = () => {
      this.idle = this.idle.filter((other) => other !== connection);
      connection.destroy();
    };
    connection.removeAllListeners();
    if (this.idle.length >= IDLE_MAX) return connection.destroy();
    // Nobody has asked: whatever comes now is no answer.
    connection.on('error', drop).on('close', drop).on('data', drop);
    connection.unref();
    this.idle.push(connection);
  }
}

/** The reply in a line, or null unless it answers this request with a yes or a no. */
function read(bytes, id) {
  let reply;
  try {
    reply = JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
  const isReply = reply !== null && typeof reply === 'object' && !Array.isArray(reply);
  return isReply && reply.id === id && typeof reply.ok === 'boolean' ? reply : null;
}

module.exports = { Totpd };

// totpd.js SOCKET USER CODE prints yes or no; totpd.js SOCKET reads requests, a line each.
async function main([path, user, code, ...rest]) {
  if (path === undefined || (user === undefined) !== (code === undefined) || rest.length > 0) {
    console.error('usage: totpd.js SOCKET [USER CODE]');
    return 2;
  }
  const totpd = new Totpd(path, 1000 * Number(process.env.TOTPD_TIMEOUT || 5));
  if (user !== undefined) {
    const isYes = (await totpd.verify(user, code)).ok === true;
    console.log(isYes ? 'yes' : 'no');
    return isYes ? 0 : 1;
  }
  for await (const line of require('node:readline').createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await totpd.ask(JSON.parse(line))));
  }
  return 0;
}

if (require.main === module) {
  main(process.argv.slice(2)).then((status) => { process.exitCode = status; });
}
