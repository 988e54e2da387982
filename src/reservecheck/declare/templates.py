"""The commented files `init ENTITY` writes, to be filled in: whoever leaves a placeholder is told so by `lint`."""

from __future__ import annotations

from typing import Final

WALLETS: Final = """\
# What {entity} declares of its wallets. Everything here is the entity's own statement.
format = "reservecheck/wallets/v1"
entity = "{entity}"                       # = the name of this file
name = "{entity}"                         # as it is printed

[declaration]                             # left out: "not stated"
# by = "FILL IN"
# role = "Chief Financial Officer"
# date = {date}
# complete_as_of = {date}

[[wallet]]
label = "btc-cold-1"                      # unique in this file
network = "bitcoin:mainnet"               # or litecoin:mainnet, bitcoincash:mainnet, eip155:1 …
address = "FILL IN"
storage = "cold"                          # hot | cold | third-party
owner = "customers"                       # customers | house | mixed (mixed counts as house)
# instruments = ["bitcoin:mainnet/native"]  # narrows what is read; left out: every registered one
# shared_with = ["another-entity"]

# Many addresses stand in a list, CSV or Parquet: address[,network,label,storage,owner]
# [[list]]
# label = "cold"
# file = "{entity}-cold.csv"
# network = "bitcoin:mainnet"
# storage = "cold"
# owner = "customers"

# A wallet that gives out many addresses is declared by its descriptor, with its checksum, and how far it is in use:
# `bitcoin-cli listdescriptors` prints it. It stays in this file; sources and bundles see scripts.
# [[descriptor]]
# label = "deposits"
# network = "bitcoin:mainnet"
# descriptor = "FILL IN"
# range = [0, 999]                        # the first and the last index in use
# gap = 100                               # so many more are looked at: a coin there is a finding
# storage = "hot"
# owner = "customers"

# A custody account; its amount stands in custodians.csv of the snapshot, under the same label.
# [[statement]]
# label = "custody-1"
# custodian = "Example Custody"
# owner = "customers"
"""

ENGAGEMENT: Final = """\
# The practitioner's file: the instant, the perimeter, what counts.
format = "reservecheck/engagement/v1"
id = "{entity}-{date}"
entity = "{entity}"
practitioner = "FILL IN"
rehearsal = true                          # true: every output says that it is an exercise
cutoff = {moment}
currency = "KRW"                          # what prices are in
assets = ["BTC", "ETH", "KRW"]            # the perimeter: what is owed and looked at
out_of_scope = []                         # [{{ asset = "…", reason = "…" }}]
packs = ["core/1"]                        # the core rules always run

[deciding]                                # what counts towards a pass; these are the strict defaults
owner = "customers"                       # customers | all
evidence = "observed"                     # observed | corroborated | proven; claims never decide
control = "signed"                        # undemonstrated | signed | moved | confirmed

[accept]                                  # what the entity says of itself and you take as given
# owner = "as declared"
# cash_titles = "as declared"

[limits]
skew_seconds = 7200                       # how far before the cut-off the block may be
window_minutes = 10

[tolerance]                               # per asset, in whole units; default 0
"""

SNAPSHOT: Final = """\
# The entity's file: what stands in this folder, and how the customer file was made.
format = "reservecheck/snapshot/v1"
entity = "{entity}"

[files]
customers = ["customers.csv"]
cash = "cash.csv"
prices = "prices.csv"                     # the practitioner's; the name is fixed
letters = "letters.csv"                   # the practitioner's: a row for each letter received; may stay empty

[extract]
as_of = {moment}
# rows = 123456
# totals = {{ BTC = "10000" }}
# extracted_by = "FILL IN"
# observed_by = "FILL IN"

[classes]                                 # every product: listed, a total, or asserted to be none by a name
# spot = "listed"
# earn = {{ none_asserted_by = "FILL IN" }}
"""

PROVIDERS: Final = """\
# Where chain data comes from. Copy to providers.toml, which .gitignore keeps out of the repository, and fill in.
# Two sources a network whose operators know nothing of each other corroborate a balance; one observes it. Only
# `name`, `network`, `kind`, `operator`, `run_by` and `proofs` reach a bundle, addresses and credentials never do.
# docs/reference/providers.md describes every key.
format = "reservecheck/providers/v1"

[[source]]
name = "own-bitcoind"                     # the only thing messages and logs call it
network = "bitcoin:mainnet"
kind = "bitcoind"                         # bitcoind | evm
operator = "example-audit"                # who runs it, by name
run_by = "practitioner"                   # practitioner | third-party | entity (then its answers are claims)
url = "http://127.0.0.1:8332"
auth = { cookie_file = ".cookie" }        # beside this file, or an absolute path
timeout_s = 1800                          # a scan of the coin set takes minutes
parallel = 1
# proofs = true                           # with the coin set at the block, written by the node (10 GB on mainnet):
# utxo_set = "/var/lib/bitcoind/utxo.dat" # as this machine and the node see it; read, or asked for

[[source]]
name = "own-ethereum"
network = "eip155:1"
kind = "evm"
operator = "example-audit"
run_by = "practitioner"
url = "http://127.0.0.1:8545"
requests_per_second = 50
parallel = 4
timeout_s = 60
proofs = true                             # asked to prove what it answers, up to the block's hash

[[source]]
name = "hosted-ethereum"
network = "eip155:1"
kind = "evm"
operator = "example-provider"
run_by = "third-party"
url_env = "ETH_URL"                       # an address with a key in it stands in the environment, never in a file

[[source]]
name = "hosted-base"
network = "eip155:8453"
kind = "evm"
operator = "example-provider"
run_by = "third-party"
url_env = "BASE_URL"

[[source]]
name = "hosted-polygon"
network = "eip155:137"
kind = "evm"
operator = "example-provider"
run_by = "third-party"
url = "https://polygon.example"
auth = { header = "X-Api-Key", value_env = "POLYGON_KEY" }
requests_per_second = 5

[[source]]
name = "own-litecoind"
network = "litecoin:mainnet"
kind = "bitcoind"
operator = "example-audit"
run_by = "practitioner"
url = "http://127.0.0.1:9332"
auth = { user_env = "LTC_USER", password_env = "LTC_PASSWORD" }
timeout_s = 1800
"""

CUSTOMERS: Final = "customer,asset,balance\n"
CASH: Final = "label,institution,currency,balance,title,as_of\n"
PRICES: Final = "asset,price,source,as_of\n"
LETTERS: Final = (
    "id,from,subject,label,asset,amount,as_of,requested_on,received_on,"
    "channel,received_by,restrictions,file_sha256\n"
)


def starter_files(entity: str, moment: str) -> dict[str, str]:
    """Relative path → text of every file to fill in.

    `entity` is a name of lower-case letters, digits and hyphens; `moment` the cut-off as RFC 3339 with its offset.
    Registers are headers without rows: empty ones are refused until they are filled in, cash and letters excepted.
    """
    words = {"entity": entity, "moment": moment, "date": moment[:10]}
    folder = f"snapshots/{entity}/{moment[:10]}"
    return {
        f"wallets/{entity}.toml": WALLETS.format(**words),
        f"{folder}/engagement.toml": ENGAGEMENT.format(**words),
        f"{folder}/snapshot.toml": SNAPSHOT.format(**words),
        f"{folder}/customers.csv": CUSTOMERS,
        f"{folder}/cash.csv": CASH,
        f"{folder}/prices.csv": PRICES,
        f"{folder}/letters.csv": LETTERS,
        "providers.example.toml": PROVIDERS,
    }
