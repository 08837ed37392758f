// A token in Node, by its own crypto: EdDSA. `node token.mjs SUB` prints one.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { FUNFAIR_STORE: store, FUNFAIR_KID: kid, FUNFAIR_KEY: file } = process.env;
const key = createPrivateKey(readFileSync(file));

/** A token for whom your own session knows; `more` is what you say of them: tier, tags, channel. */
export function mint(sub, more = {}) {
  const iat = Math.floor(Date.now() / 1000);
  const aud = `funfair:${store}`;
  const claims = { iss: store, aud, sub, iat, exp: iat + 240, jti: randomUUID(), ...more };
  const parts = [{ typ: 'funfair+jwt', alg: 'EdDSA', kid }, claims];
  const message = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${message}.${sign(null, Buffer.from(message), key).toString('base64url')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(mint(process.argv[2]));
