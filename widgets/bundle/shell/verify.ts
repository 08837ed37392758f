// "Check this draw": a receipt's arithmetic done again in the page, as the doc comment of
// `host_api::Proof` has it; examples/verify.mjs is the same without a browser.

export interface Receipt {
  id: string;
  activity: string;
  outcome: { prize?: string };
  proof: {
    version: string;
    activity: string;
    revision: string;
    n: number;
    client_seed: string;
    server_seed: string;
    commitment: string;
    draws: { counter: number; table: { prize: string; weight: number }[]; picked: string }[];
  };
}

/** What the core is told of it; numbers as text, for they have up to twenty digits. */
export interface Checked {
  id: string;
  /** Whether this browser can do it at all. */
  able: boolean;
  right: boolean;
  /** Whether the revealed seed is the one that was committed to before the play. */
  bound: boolean;
  draws: { value: string; total: string; found: string; right: boolean }[];
}

export async function check(receipt: Receipt): Promise<Checked> {
  const { id, activity, outcome, proof } = receipt;
  const said: Checked = { id, able: false, right: false, bound: false, draws: [] };
  const subtle = window.crypto && crypto.subtle;
  // A page without TLS has no such thing, and engines of 2018 have no numbers of 64 bits.
  if (!subtle || typeof BigInt === 'undefined') return said;
  said.able = true;
  const seed = bytes(proof.server_seed);
  if (!seed) return said;
  said.bound = hex(await subtle.digest('SHA-256', seed)) === proof.commitment;
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await subtle.importKey('raw', seed, hmac, false, ['sign']);
  let counter = 0;
  let right = said.bound && proof.version === 'funfair/1' && proof.activity === activity;
  for (const draw of proof.draws) {
    const begun = draw.counter === counter;
    const total = draw.table.reduce((sum, line) => sum + BigInt(line.weight), BigInt(0));
    if (total <= BigInt(0)) return said;
    const all = BigInt('18446744073709551616');
    const limit = all - (all % total);
    let value = limit;
    while (value >= limit) {
      const lines = ['funfair/1', proof.activity, proof.revision, proof.n, proof.client_seed, counter++];
      const mac = await subtle.sign('HMAC', key, new TextEncoder().encode(lines.join('\n')));
      value = BigInt(`0x${hex(mac).slice(0, 16)}`);
    }
    let rest = value % total;
    const line = draw.table.find(({ weight }) => (rest -= BigInt(weight)) < BigInt(0));
    const found = line ? line.prize : '';
    const agrees = begun && found === draw.picked;
    right = right && agrees;
    said.draws.push({ value: String(value % total), total: String(total), found, right: agrees });
  }
  const last = proof.draws[proof.draws.length - 1];
  said.right = right && !!last && (!outcome.prize || outcome.prize === last.picked);
  return said;
}

function hex(buffer: ArrayBuffer): string {
  return Array.from(new Uint8Array(buffer), (byte) => (byte + 256).toString(16).slice(1)).join('');
}

/** Nothing for what is not hexadecimal, or empty: a key has to have a byte. */
function bytes(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^([0-9a-f]{2})+$/.test(text)) return null;
  return new Uint8Array(text.match(/../g)!.map((pair) => parseInt(pair, 16)));
}
