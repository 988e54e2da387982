// The customers' page: files in, plain words out. It reads what stands in it and asks nobody for anything.

const made = JSON.parse(document.getElementById("published").textContent);
const published = JSON.parse(made.commitment);
const LANGUAGES = Object.keys(made.words);
const MOST_NAMED = 50;
const byId = (id) => document.getElementById(id);
let outcomes = [];
let said = null; // the status line, as a word and what stands in it, so that it can be said again in another language
let latest = 0;
// A page that was saved alone has no file beside it: what is downloaded is what it carries.
const copy = URL.createObjectURL(new Blob([made.commitment], { type: "application/json" }));

const language = () => {
  const wanted = [location.hash.slice(1), ...navigator.languages.map((one) => one.split("-")[0].toLowerCase()), "en"];
  return wanted.find((one) => LANGUAGES.includes(one));
};
const words = () => made.words[language()];

/** A text of the language as nodes; what is put into it stands apart, whatever direction it is written in. */
function sentence(text, places = {}) {
  const values = { entity: published.entity, snapshot: published.snapshot, ...places };
  return text.split(/(\{\w+\})/).map((part) => {
    const name = part.match(/^\{(\w+)\}$/)?.[1];
    return name in values ? element("bdi", visible(String(values[name]))) : document.createTextNode(part);
  });
}

function element(tag, content = [], attributes = {}) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  one.append(...(Array.isArray(content) ? content : [content]));
  return one;
}

const paragraph = (key, places, attributes) => element("p", sentence(words()[key], places), attributes);
const heading = (tag, key, places) => element(tag, sentence(words()[key], places));
const code = (text, attributes = {}) => element("code", element("bdi", visible(text)), { translate: "no", ...attributes });

function listed(pairs) {
  return element("dl", pairs.flatMap(([key, value]) => [
    element("dt", sentence(words()[key])), element("dd", typeof value === "string" ? code(value) : value),
  ]));
}

function amountsOf({ tree, units }) {
  return {
    asset: tree.asset,
    amount: decimal(units, tree.decimals),
    short: decimal(units, tree.decimals, true),
    total: decimal(BigInt(tree.total), tree.decimals, true),
  };
}

function countedCard(outcome) {
  const amounts = amountsOf(outcome);
  const zero = outcome.units === 0n;
  const parts = outcome.leaves > 1 ? [paragraph("parts", { count: outcome.leaves })] : [];
  return [
    heading("h3", zero ? "counted_zero" : "counted", amounts),
    paragraph(zero ? "zero_words" : "counted_words", amounts, { class: "strong" }),
    ...parts,
    paragraph("nothing_about_coins"),
    heading("h4", "amount_heading"),
    paragraph("amount_words", amounts),
    heading("h4", "id_heading"),
    element("p", code(outcome.customer, { class: "id" })),
    paragraph("id_words"),
    heading("h4", "root_heading"),
    paragraph("root_words"),
    listed([["root_of_proof", outcome.claimed.root], ["root_of_commitment", outcome.tree.root]]),
  ];
}

function refusedCard(outcome) {
  const { reasons, fields, odd } = words();
  const found = reasonWords(outcome.reason, Object.keys(reasons));
  const { name } = found.places;
  const places = { ...found.places, name: fields[name], odd: odd[found.places.odd] };
  const both = name in outcome.tree || name === "snapshot" ? differing(outcome, name) : [];
  const foreign = outcome.claimed !== null && outcome.claimed?.scheme !== "por-mst/1";
  // The verifier looks at the snapshot first: what has another asset is of this statement, which has no tree for it.
  const missing = found.key.startsWith("the proof names another") && name === "asset";
  return [
    heading("h3", "refused"),
    missing ? paragraph("no_tree", { asset: outcome.claimed.asset }, { class: "strong" })
      : outcome.commitment ? paragraph("a_commitment", {}, { class: "strong" })
      : element("p", sentence(reasons[found.key], places), { class: "strong" }),
    ...(found.key.startsWith("the proof names another") ? both : []),
    ...(foreign ? [paragraph("foreign")] : []),
    ...(outcome.commitment ? [] : [paragraph(name === "snapshot" && both.length ? "another_statement" : "refused_words")]),
    element("p", [...sentence(words().exact_reason), " ", code(outcome.reason, { class: "reason", lang: "en" })]),
  ];
}

function differing({ claimed, tree }, name) {
  const whole = (total) => `${decimal(BigInt(total), tree.decimals, true)} ${tree.asset}`;
  const shown = (one) => (name === "total" ? whole(one.total) : String(one[name]));
  const theirs = name === "asset" ? published.trees.map((one) => one.asset).join(", ")
    : shown({ ...tree, snapshot: published.snapshot });
  return [listed([["in_proof", shown(claimed)], ["in_commitment", theirs]])];
}

function byHand(outcome) {
  const name = outcome.pasted ? "proof.json" : outcome.name;
  const command = `reservecheck inclusion check ${shellWord(name)} --commitment commitment.json`;
  const digests = [["digest_of_commitment", made.digest]];
  if (outcome.digest) digests.unshift([outcome.pasted ? "digest_of_text" : "digest_of_proof", outcome.digest]);
  return [
    heading("h4", "by_hand_heading"),
    paragraph("by_hand_words"),
    element("p", element("bdi", command), { class: "command", translate: "no", dir: "ltr" }),
    listed(digests),
  ];
}

function card(outcome, number) {
  const body = outcome.kind === "counted" ? countedCard(outcome)
    : outcome.kind === "refused" ? refusedCard(outcome)
    : [heading("h3", "refused"), paragraph("unreadable", {}, { class: "strong" })];
  body[0].id = `card-${number}`;
  const name = outcome.pasted ? paragraph("pasted", { number }, { class: "file" })
    : element("p", code(outcome.name), { class: "file" });
  const checkable = outcome.digest !== undefined && !outcome.commitment;
  const tone = outcome.kind === "counted" ? "counted" : "refused";
  const attributes = { class: `card ${tone}`, "aria-labelledby": body[0].id, "data-kind": outcome.kind };
  return element("article", [name, ...body, ...(checkable ? byHand(outcome) : [])], attributes);
}

/** Notes on all proofs together: what a reader may wrongly add up, take for his own, or take to be counted as well. */
function notes() {
  const counted = outcomes.filter((one) => one.kind === "counted");
  const assets = counted.map((one) => one.tree.asset);
  const twice = new Set(assets).size < assets.length;
  const ids = new Set(counted.map((one) => one.customer)).size > 1;
  return [
    ...(twice ? [paragraph("note_twice")] : []),
    ...(ids ? [paragraph("note_ids")] : []),
    ...(counted.length ? missing() : []),
  ];
}

/** Of what nothing is counted, because no file was given or there is none. */
function missing() {
  const given = new Set(outcomes.map((one) => one.claimed?.asset));
  const assets = published.trees.map((one) => one.asset).filter((one) => !given.has(one));
  const rest = assets.length > MOST_NAMED ? `, … (+${assets.length - MOST_NAMED})` : "";
  const named = { assets: `${assets.slice(0, MOST_NAMED).join(", ")}${rest}` };
  return [...(assets.length ? [paragraph("note_missing", named)] : []), paragraph("note_absent")];
}

function render() {
  document.documentElement.lang = language();
  document.title = words().title;
  for (const one of document.querySelectorAll("[data-word]")) one.replaceChildren(...sentence(words()[one.dataset.word]));
  byId("languages").setAttribute("aria-label", words().language_label);
  for (const link of byId("languages").children) {
    if (link.lang === language()) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  byId("statement-link").replaceChildren(...(made.statement === null ? sentence(words().no_link)
    : [element("a", words().statement_link, { href: made.statement, rel: "noreferrer noopener" })]));
  byId("trees").replaceChildren(
    listed([["digest_of_commitment", made.digest]]),
    element("p", element("a", sentence(words().download), { href: copy, download: "commitment.json" })),
    ...published.trees.flatMap((tree) => [
      element("h3", element("bdi", visible(tree.asset))),
      listed([
        ["total_owed", `${decimal(BigInt(tree.total), tree.decimals, true)} ${tree.asset}`],
        ["root_of_commitment", tree.root],
      ]),
    ]),
  );
  byId("cards").replaceChildren(...notes(), ...outcomes.map((one, at) => card(one, at + 1)));
  byId("results").hidden = outcomes.length === 0;
  byId("status").replaceChildren(...(said ? sentence(words()[said.key], said.places) : []));
}

function say(key, places = {}) {
  said = { key, places };
  render();
}

/** Judge these, show what came of them, and lead the reader there; a later call makes an earlier one mute. */
async function check(inputs) {
  const mine = ++latest;
  outcomes = [];
  if (!globalThis.crypto?.subtle) return say("no_crypto");
  if (inputs.length > MOST_FILES) return say("too_many", { most: MOST_FILES });
  say("checking");
  const found = [];
  try {
    for (const one of inputs) found.push(await judged(one, published));
  } catch (error) {
    if (mine === latest) say("stumbled");
    throw error;
  }
  if (mine !== latest) return undefined;
  outcomes = found;
  const counted = found.filter((one) => one.kind === "counted").length;
  say("summary", { all: found.length, counted, refused: found.length - counted });
  byId("results-heading").focus();
  return undefined;
}

function checkFiles(files) {
  const read = (file) => file.slice(0, LONGEST_READ).arrayBuffer().then((data) => new Uint8Array(data));
  const inputs = Array.from(files, (file) => ({ name: file.name, pasted: false, bytes: () => read(file) }));
  if (inputs.length) check(inputs);
}

for (const one of LANGUAGES) {
  byId("languages").append(element("a", made.words[one].language, { href: `#${one}`, lang: one, hreflang: one }));
}
addEventListener("hashchange", render);
byId("files").addEventListener("change", ({ target }) => {
  checkFiles(target.files);
  target.value = "";
});
byId("paste").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value;
  if (!text.trim()) return say("nothing_pasted");
  return check(pastedProofs(text).map((one) => ({
    name: "", pasted: true, bytes: async () => new TextEncoder().encode(one).slice(0, LONGEST_READ),
  })));
});
// The whole window takes files: one that misses the box would otherwise be opened instead of the page.
// Text keeps its way into the box for text.
const carriesFiles = (event) => event.dataTransfer.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  byId("drop").classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) byId("drop").classList.remove("over");
});
addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  byId("drop").classList.remove("over");
  checkFiles(event.dataTransfer.files);
});
render();
