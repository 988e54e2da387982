// node verify_corpus.mjs VERIFIER CORPUS: one line of JSON, for each proof the reason of its refusal, or null.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [verifier, corpus] = process.argv.slice(2);
const { Refused, verify } = await import(pathToFileURL(verifier));
const reasons = [];
for (const { commitment, proof, base64 } of JSON.parse(readFileSync(corpus))) {
  const file = base64 === undefined ? Buffer.from(proof) : Buffer.from(base64, "base64");
  try {
    await verify(new Uint8Array(file), commitment);
    reasons.push(null);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    reasons.push(error.message);
  }
}
console.log(JSON.stringify(reasons));
