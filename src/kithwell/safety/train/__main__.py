"""`python -m kithwell.safety.train`: make `safety/data/weights.json.gz`, and the files that measure its making.

--quick      without the fold files: the figures of `./dev bench safety` are then those of an older making
--conduct    only what is asked of conduct, in the files as they are: what is said of people in need stays to the digit
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from kithwell.safety import linear
from kithwell.safety.train import corpora, curves, evaluate, fit, sentences
from kithwell.safety.train.build import build, renewed
from kithwell.safety.train.corpora import FOLDS, TEST
from kithwell.safety.train.fit import Text

OUT = Path(linear.__file__).parent / "data" / linear.FILE


def texts(base: Path) -> list[Text]:
    """Everything there is to learn from. The comments' dev file is never learned from."""
    out = fit.prepare(corpora.severity(base), "posts")
    out += fit.prepare(corpora.risk_users(base), "users")
    out += fit.prepare([row for row in corpora.everyday(base) if row.part != TEST], "everyday")
    out += fit.prepare(corpora.tweets(base), "tweets")
    out += fit.prepare(corpora.hatecheck(base), "hatecheck")
    out += fit.prepare(sentences.crisis(), "own")
    out += fit.prepare(sentences.stress(), "own stress")
    return out + fit.prepare(sentences.conduct(), "own conduct")


def main(argv: list[str]) -> int:
    try:
        base = corpora.home()
    except corpora.NoData as error:
        print(f"nothing to train from: {error}", file=sys.stderr)
        return 1
    began = time.monotonic()
    conduct = "--conduct" in argv
    rows = texts(base)
    print(f"{len(rows)} texts", flush=True)
    raw = renewed(OUT.read_bytes(), rows) if conduct else build(rows)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(raw)
    model = linear.parse(raw)
    print(
        f"wrote {OUT.name}: {len(raw)} bytes, {len(model.table)} features, sha256 {model.digest}", flush=True
    )
    for fold in range(FOLDS) if "--quick" not in argv else ():
        path = evaluate.file_of(fold)
        path.parent.mkdir(parents=True, exist_ok=True)
        seen = [text for text in rows if _may_see(text, fold)]
        path.write_bytes(renewed(path.read_bytes(), seen) if conduct else build(seen, say=lambda line: None))
        print(f"wrote {path.name}, made without fold {fold}", flush=True)
    if "--quick" not in argv:
        print(
            f"wrote {curves.write(base).name}: how scores lie on texts the weights have not seen", flush=True
        )
    print(f"{time.monotonic() - began:.0f} s; now put the hash into the card and measure: ./dev bench safety")
    return 0


def _may_see(text: Text, fold: int) -> bool:
    """Everyday comments are many and their dev file stays out anyway; sentences of our own are no data."""
    return text.row.fold != fold or text.source == "everyday" or text.source.startswith("own")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
