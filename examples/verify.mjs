#!/usr/bin/env node
// Recomputes every draw of Funfair receipts with nothing but Node's standard library.
//
//     node verify.mjs receipts.json      one receipt, a list of receipts, or a play's whole answer
//
// It shares no code with Funfair. It leaves with 0 when everything agrees, else with 1 after naming
// each receipt and what differs in it, and with 2 when the file holds no receipts.

import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What does not agree in one receipt: the arithmetic that a shopper has to trust, entire. */
function differences({ activity, outcome, proof }) {
  const differs = [];
  if (!/^([0-9a-f]{2})*$/.test(proof.server_seed)) return ['the server seed is not hexadecimal'];
  const seed = Buffer.from(proof.server_seed, 'hex');
  if (proof.version !== 'funfair/1' || proof.activity !== activity) {
    differs.push(`the proof is ${proof.version} of ${proof.activity}`);
  }
  if (proof.draws.length > 0 && createHash('sha256').update(seed).digest('hex') !== proof.commitment) {
    differs.push('the server seed is not the one that was committed to');
  }
  let counter = 0;
  proof.draws.forEach((draw, at) => {
    if (draw.counter !== counter) {
      differs.push(`draw ${at + 1} begins at counter ${draw.counter}, not ${counter}`);
    }
    const total = draw.table.reduce((sum, line) => sum + BigInt(line.weight), 0n);
    const limit = 2n ** 64n - (2n ** 64n % total);
    let value = limit;
    while (value >= limit) {
      const lines = ['funfair/1', proof.activity, proof.revision, proof.n, proof.client_seed, counter];
      value = createHmac('sha256', seed).update(lines.join('\n')).digest().readBigUInt64BE();
      counter += 1;
    }
    let rest = value % total;
    const line = draw.table.find(({ weight }) => (rest -= BigInt(weight)) < 0n);
    if (line.prize !== draw.picked) {
      differs.push(`draw ${at + 1} comes to ${line.prize}, the receipt says ${draw.picked}`);
    }
  });
  const last = proof.draws.at(-1);
  if (outcome.prize && last && outcome.prize !== last.picked) {
    differs.push(`the outcome shows ${outcome.prize}, the last draw picked ${last.picked}`);
  }
  return differs;
}

function main(path) {
  const found = JSON.parse(readFileSync(path, 'utf8'));
  const receipts = Array.isArray(found) ? found : [found.receipt ?? found];
  if (receipts.length === 0) {
    console.error(`${path} holds no receipts`);
    return 2;
  }
  let wrong = 0;
  let draws = 0;
  for (const receipt of receipts) {
    let differs;
    try {
      differs = differences(receipt);
    } catch (broken) {
      differs = [`it is not a receipt: ${broken.message}`];
    }
    for (const what of differs) console.error(`${receipt?.id ?? 'no id'}: ${what}`);
    wrong += differs.length > 0 ? 1 : 0;
    draws += differs.length > 0 ? 0 : receipt.proof.draws.length;
  }
  console.log(JSON.stringify({ receipts: receipts.length, draws_verified: draws, wrong }));
  return wrong > 0 ? 1 : 0;
}

if (process.argv.length !== 3) {
  console.error('usage: node verify.mjs receipts.json');
  process.exit(2);
}
process.exit(main(process.argv[2]));
