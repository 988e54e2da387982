// What the page makes of a proof before and after the verifier: no document, no network. docs/guide/the-customers-page.md

const LONGEST_READ = (1 << 20) + 1; // a byte more than a proof may have, so that the verifier sees that it is longer
const MOST_FILES = 100;
// Blanks too that pass for one that people type; what reports show is src/reservecheck/model/unseen.py.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}\u2800]|(?![ \u3000])\p{Zs}/gu;

/** Units as an exact decimal, its whole part in groups of three; `trimmed` leaves out zeros at the end. */
function decimal(units, decimals, trimmed = false) {
  const digits = units.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = digits.slice(digits.length - decimals);
  const fraction = trimmed ? rest.replace(/0+$/, "") : rest;
  return fraction ? `${whole}.${fraction}` : whole;
}

/** Text in which what nobody sees is written out, so that two ids that differ look different. */
function visible(text) {
  return text.replace(UNSEEN, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);
}

/** A file's name as one word of a shell. */
function shellWord(name) {
  const plain = visible(name);
  const path = plain.startsWith("-") ? `./${plain}` : plain;
  return /^[\w./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

/** The proofs in a pasted text: one, or one a line. */
function pastedProofs(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  const several = lines.length > 1 && lines.every((line) => isObject(line));
  return several ? lines : [text];
}

function isObject(text) {
  const value = jsonOf(text);
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The value of a JSON text, or null: only to tell what a file is about, never to judge it. */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether a file is what an exchange publishes for all, and nobody's proof. */
function isCommitment(value) {
  return typeof value?.format === "string" && value.format.startsWith("reservecheck/commitment/");
}

/** The tree of the proof's asset. Of an asset without one any tree refuses the proof, by its snapshot or its asset. */
function treeFor(proof, trees) {
  return trees.find((tree) => tree.asset === proof?.asset) ?? trees[0];
}

/** The words for a reason of the verifier's: the key that fits, and what stands in its places. */
function reasonWords(reason, keys) {
  if (keys.includes(reason)) return { key: reason, places: {} };
  for (const key of keys) {
    const names = [...key.matchAll(/\$\{(\w+)\}/g)].map((found) => found[1]);
    const literal = key.split(/\$\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const found = new RegExp(`^${literal.join("(.+)")}$`).exec(reason);
    if (found) return { key, places: Object.fromEntries(names.map((name, at) => [name, found[at + 1]])) };
  }
  return null;
}

async function sha256Hex(data) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What comes of one proof: `kind` is counted, refused or unreadable. */
async function judged({ name, bytes, pasted }, published) {
  const { Refused, verify } = globalThis.porMst1;
  let file;
  try {
    file = await bytes();
  } catch {
    return { kind: "unreadable", name, pasted };
  }
  const proof = jsonOf(new TextDecoder().decode(file));
  const tree = treeFor(proof, published.trees);
  // The digest of a file that was read only as far as the verifier looks would be one of nothing.
  const digest = file.length < LONGEST_READ ? await sha256Hex(file) : null;
  const about = { name, pasted, digest, tree, claimed: proof, commitment: isCommitment(proof) };
  try {
    const found = await verify(file, { ...tree, snapshot: published.snapshot });
    return { ...about, kind: "counted", ...found };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...about, kind: "refused", reason: error.message };
  }
}
