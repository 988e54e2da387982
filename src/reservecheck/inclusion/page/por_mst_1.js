// por-mst/1, the verifier for a browser: WebCrypto and nothing else. docs/reference/por-mst-1.md says what it follows.
// It gives the same answer as reservecheck.commitment in Python, and of every proof in the shared corpus the same reason.

const SCHEME = "por-mst/1";
const LONGEST = 1 << 20;
const LIMIT = 1n << 128n;
const MAX_HEIGHT = 40;
const MAX_DECIMALS = 255;
const FIELDS = ["scheme", "snapshot", "asset", "decimals", "height", "customer", "leaves", "root", "total"];
const LEAF_FIELDS = ["index", "amount", "salt", "path"];
const LONE_HALF = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

export class Refused extends Error {}

/**
 * What the exchange says it owes this customer, once every leaf has led to the published root and total.
 *
 * `file` is the proof's bytes (Uint8Array). `commitment` is {snapshot, asset, decimals, height, root, total} from the
 * signed statement, root in hex and total as decimal text: never from the proof. Gives {customer, units, leaves} with
 * units a BigInt; throws Refused with the first reason.
 */
export async function verify(file, commitment) {
  const proof = readProof(file);
  for (const name of ["snapshot", "asset", "decimals", "height", "root", "total"]) {
    if (proof[name] !== commitment[name]) throw new Refused(`the proof names another ${name} than the commitment`);
  }
  if (new Set(proof.leaves.map((leaf) => leaf.index)).size < proof.leaves.length) {
    throw new Refused("two leaves have one index");
  }
  const context = await contextOf(commitment);
  let units = 0n;
  for (const leaf of proof.leaves) {
    await follow(leaf, proof.customer, context, commitment);
    units += BigInt(leaf.amount);
  }
  return { customer: proof.customer, units, leaves: proof.leaves.length };
}

async function follow(leaf, customer, context, commitment) {
  let sum = BigInt(leaf.amount);
  let hash = await sha256([0], context, bytes(leaf.salt), number(sum, 16), prefixed(customer));
  let index = leaf.index;
  for (const [level, [siblingHash, siblingSum]] of leaf.path.entries()) {
    const mine = [hash, number(sum, 16)];
    const other = [bytes(siblingHash), number(BigInt(siblingSum), 16)];
    const children = index % 2 === 1 ? [...other, ...mine] : [...mine, ...other];
    sum += BigInt(siblingSum);
    if (sum >= LIMIT) throw new Refused("sums on the path reach 2^128");
    hash = await sha256([1], context, [level + 1], ...children);
    index = Math.floor(index / 2);
  }
  if (hex(hash) !== commitment.root) throw new Refused("a leaf does not lead to the commitment's root");
  if (String(sum) !== commitment.total) throw new Refused("a leaf leads to another total than the commitment's");
}

function contextOf({ snapshot, asset, decimals, height }) {
  return sha256([2], prefixed(SCHEME), prefixed(snapshot), prefixed(asset), [decimals, height]);
}

/** The proof in a file, strictly: one way to write a number, a hash, an amount, a field. */
function readProof(file) {
  if (file.length > LONGEST) throw new Refused(`the proof is longer than ${LONGEST} bytes`);
  const [proof, bare] = parsed(file);
  if ((bare.match(/[-\d][-+.\deE]*/g) ?? []).some((text) => !/^(0|[1-9]\d*)$/.test(text))) {
    throw new Refused("a number is not written in plain digits");
  }
  // JSON.parse lets a repeated key pass: there must be as many colons as fields.
  const leaves = Array.isArray(proof?.leaves) ? proof.leaves.length : 0;
  const repeated = (bare.match(/:/g) ?? []).length !== FIELDS.length + LEAF_FIELDS.length * leaves;
  if (repeated) throw new Refused(`the fields are not those of ${SCHEME}`);
  exactly(proof, FIELDS);
  if (proof.scheme !== SCHEME) throw new Refused(`the scheme is not ${SCHEME}`);
  whole(proof.decimals, "decimals", MAX_DECIMALS);
  whole(proof.height, "height", MAX_HEIGHT);
  text(proof.snapshot, "snapshot");
  text(proof.asset, "asset");
  if (typeof proof.customer !== "string") throw new Refused("the customer is not text");
  const odd = oddCustomer(proof.customer);
  if (odd) throw new Refused(`the customer is not an id: ${odd}`);
  hash(proof.root, "root");
  amount(proof.total, "total");
  if (leaves === 0) throw new Refused("the leaves are not a list of one or more");
  for (const leaf of proof.leaves) readLeaf(leaf, proof.height);
  return proof;
}

function readLeaf(leaf, height) {
  exactly(leaf, LEAF_FIELDS);
  whole(leaf.index, "index", 2 ** height - 1);
  amount(leaf.amount, "amount");
  hash(leaf.salt, "salt");
  if (!Array.isArray(leaf.path) || leaf.path.length !== height) {
    throw new Refused("the path does not have as many levels as the tree");
  }
  for (const node of leaf.path) {
    if (!Array.isArray(node) || node.length !== 2) {
      throw new Refused("a level of the path is not a hash and a sum");
    }
    hash(node[0], "hash");
    amount(node[1], "sum");
  }
}

/** The value of a JSON text, and the text with empty strings in place of all strings. */
function parsed(file) {
  try {
    const json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(file);
    return [JSON.parse(json), json.replace(/"(?:[^"\\]|\\.)*"/g, '""')];
  } catch {
    throw new Refused("the proof is not JSON");
  }
}

function oddCustomer(customer) {
  if (customer === "") return "it is empty";
  if (LONE_HALF.test(customer)) return "it is not Unicode text";
  return customer.normalize("NFC") === customer ? "" : "it is not in Unicode's form NFC";
}

function exactly(value, names) {
  const keys = value !== null && typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : [];
  if (keys.length !== names.length || !names.every((name) => keys.includes(name))) {
    throw new Refused(`the fields are not those of ${SCHEME}`);
  }
}

function whole(value, name, limit) {
  if (!Number.isInteger(value) || value < 0 || value > limit) {
    throw new Refused(`the ${name} is not a whole number from 0 to ${limit}`);
  }
}

function text(value, name) {
  if (typeof value !== "string" || value === "" || LONE_HALF.test(value)) {
    throw new Refused(`the ${name} is not text`);
  }
}

function hash(value, name) {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) {
    throw new Refused(`the ${name} is not 64 digits of lower-case hex`);
  }
}

function amount(value, name) {
  if (typeof value !== "string" || !/^(0|[1-9][0-9]{0,38})$/.test(value) || BigInt(value) >= LIMIT) {
    throw new Refused(`the ${name} is not plain digits below 2^128`);
  }
}

async function sha256(...pieces) {
  const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

function prefixed(words) {
  const encoded = new TextEncoder().encode(words);
  return [...number(BigInt(encoded.length), 4), ...encoded];
}

/** Big-endian bytes. */
function number(value, size) {
  return bytes(value.toString(16).padStart(2 * size, "0"));
}

function bytes(digits) {
  return Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16));
}

function hex(data) {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
