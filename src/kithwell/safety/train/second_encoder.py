"""`python -m kithwell.safety.train.second_encoder`: the encoder's small changes. Needs torch; processor only.

1. Widely, once: feelings of everyday comments, classes of tweets and functional cases (train parts), weak risk labels
   of forum users, and staying close to what the packaged encoder says of forum posts.
2. Severity, six times from there: without each outer fold (what it says of the fold it has not seen goes to
   `folds.npz`), and with all posts (shipped).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from kithwell.safety.second import encoder, opinion, wordpiece
from kithwell.safety.train import corpora, second_graph
from kithwell.safety.train.corpora import TRAIN
from kithwell.safety.train.second_fit import folds
from kithwell.safety.train.second_texts import TAUGHT, everyday, key
from kithwell.safety.train.second_torch import READ_WIDTH, Reader, batches, padded

SEED = 1
EPOCHS_WIDE, EPOCHS_SEVERITY = 2, 4
MOST_TOKENS = 128
FEELINGS = 28
GRADES = 6
MIDDLE = 1.9


class Wide:
    """The first step's texts and labels by source."""

    def __init__(self, base: Path, table: dict[str, int]) -> None:
        dice = random.Random(SEED)
        graded = {corpora._key(row.text) for row in corpora.severity(base)}
        users = [row for row in corpora.risk_users(base) if corpora._key(row.text) not in graded]
        tweets = [row for row in corpora.tweets(base) if row.part == TRAIN]
        dice.shuffle(tweets)
        tweets = [row for row in tweets if row.label != 1] + [row for row in tweets if row.label == 1][:4000]
        cases = [row for row in corpora.hatecheck(base) if row.part == TRAIN]
        comments, feelings = _feelings(base, dice)

        def tokens(texts: Sequence[str]) -> list[list[int]]:
            return [wordpiece.tokens(text, table)[:MOST_TOKENS] for text in texts]

        self.tokens = {
            "users": tokens([row.text for row in users]),
            "tweets": tokens([row.text for row in tweets]),
            "cases": tokens([row.text for row in cases]),
            "feelings": tokens(comments),
        }
        self.labels = {
            "users": torch.tensor([float(row.label) for row in users]),
            "tweets": torch.tensor([row.label for row in tweets]),
            "cases": torch.tensor([row.label for row in cases]),
            "feelings": feelings,
        }


def _feelings(base: Path, dice: random.Random) -> tuple[list[str], Tensor]:
    rows = []
    for line in (base / "everyday_comments_train.tsv").read_text(encoding="utf-8").splitlines():
        text, numbers, _ = line.split("\t")
        rows.append((corpora.clean(text), [int(number) for number in numbers.split(",")]))
    strong, none = ([row for row in rows if (27 in row[1]) == plain] for plain in (False, True))
    dice.shuffle(strong)
    dice.shuffle(none)
    rows = strong[:12000] + none[:3000]
    labels = torch.zeros(len(rows), FEELINGS)
    for number, (_, found) in enumerate(rows):
        labels[number, found] = 1
    return [text for text, _ in rows], labels


def _teacher(texts: Sequence[Sequence[int]]) -> Tensor:
    """What the packaged encoder says, unshortened: the mean over its last layer."""
    pools, second_graph_pools = (), second_graph.POOLS
    from kithwell.safety.train import second_torch

    second_torch.POOLS = pools  # type: ignore[assignment]
    try:
        reader = Reader().eval()
        out = torch.zeros(len(texts), encoder.WIDTH)
        with torch.no_grad():
            for rows in batches(texts, 16):
                out[rows] = reader(*padded([texts[row] for row in rows]))[:, -encoder.WIDTH :]
    finally:
        second_torch.POOLS = second_graph_pools
    return out


def widely(wide: Wide) -> dict[str, Tensor]:
    """The first step: the trained changes."""
    torch.manual_seed(SEED)
    dice = np.random.default_rng(SEED)
    said = _teacher(wide.tokens["users"])
    reader = Reader()
    sizes = {"users": 1, "tweets": 3, "cases": 2, "feelings": FEELINGS, "said": encoder.WIDTH}
    asked = nn.ModuleDict({name: nn.Linear(encoder.WIDTH, size) for name, size in sizes.items()})
    for head in asked.values():
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    asked["said"].weight.data = torch.eye(encoder.WIDTH)
    plan = []
    for _ in range(EPOCHS_WIDE):
        one = [(name, rows) for name, texts in wide.tokens.items()
               for rows in batches(texts, 24 if name == "users" else 48, dice)]  # fmt: skip
        dice.shuffle(one)  # type: ignore[arg-type]
        plan += one
    groups = [{"params": reader.parameters(), "lr": 6e-4}, {"params": asked.parameters(), "lr": 2e-3}]
    steps = _Steps(groups, len(plan), 60)
    for name, rows in plan:
        read = reader(*padded([wide.tokens[name][row] for row in rows]))[:, -encoder.WIDTH :]
        true, said_now = wide.labels[name][rows], asked[name](read)
        if name == "users":
            near = 1 - functional.cosine_similarity(asked["said"](read), said[rows])
            loss = 0.3 * functional.mse_loss(said_now[:, 0], true - 1.7) + 3 * near.mean()
        elif name == "feelings":
            loss = 10 * functional.binary_cross_entropy_with_logits(said_now, true)
        else:
            loss = functional.cross_entropy(said_now, true) * (1.0 if name == "tweets" else 0.5)
        steps.take(loss)
    return reader.state_dict()


class _Steps:
    """AdamW with a warm start and a straight way down; says how far it is."""

    def __init__(self, groups: list[dict[str, Any]], total: int, warm: int) -> None:
        self.total, self.done, self.began = total, 0, time.monotonic()
        for group in groups:
            group["params"] = list(group["params"])
        self.parameters = [row for group in groups for row in group["params"]]
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
        self.rate = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser, lambda step: min(1.0, (step + 1) / warm) * max(0.03, 1 - step / total)
        )

    def take(self, loss: Tensor) -> None:
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.rate.step()
        self.done += 1
        if self.done % 200 == 0:
            print(f"  {self.done} of {self.total} steps, {time.monotonic() - self.began:.0f} s", flush=True)


class Graded:
    """The posts with human severity and some everyday comments as severity 0."""

    def __init__(self, base: Path, table: dict[str, int]) -> None:
        self.rows = corpora.severity(base)
        self.grade = np.array([row.label for row in self.rows])
        self.fold = np.array([row.fold for row in self.rows])
        self.tokens = [wordpiece.tokens(row.text, table) for row in self.rows]
        self.calm = [wordpiece.tokens(row.text, table) for row in everyday(base)[:TAUGHT]]


def severely(
    graded: Graded, start: dict[str, Tensor], without: int | None, epochs: int
) -> tuple[Reader, nn.Linear]:
    """The second step, without one fold or with all posts."""
    torch.manual_seed(SEED)
    dice = np.random.default_rng(SEED)
    reader, head = Reader(), nn.Linear(READ_WIDTH, 1 + GRADES)
    reader.load_state_dict(start)
    nn.init.normal_(head.weight, std=0.01)
    nn.init.zeros_(head.bias)
    kept = [row for row in range(len(graded.rows)) if graded.fold[row] != without]
    tokens = [graded.tokens[row] for row in kept] + graded.calm
    true = torch.tensor([float(graded.grade[row]) for row in kept] + [0.0] * len(graded.calm))
    plan = [rows for _ in range(epochs) for rows in batches(tokens, 16, dice)]
    groups = [{"params": reader.parameters(), "lr": 3e-4}, {"params": head.parameters(), "lr": 2e-3}]
    steps = _Steps(groups, len(plan), 20)
    least = torch.arange(1, GRADES + 1).float()
    for rows in plan:
        read = reader(*padded([tokens[row] for row in rows]))
        said, now = head(functional.dropout(read, 0.1)), true[rows]
        steps.take(
            0.5 * functional.mse_loss(said[:, 0], now - MIDDLE)
            + functional.binary_cross_entropy_with_logits(said[:, 1:], (now[:, None] >= least).float())
        )
    head.bias.data[0] += MIDDLE
    return reader.eval(), head


def said_of(reader: Reader, head: nn.Linear, texts: Sequence[Sequence[int]]) -> Any:
    out = np.zeros((len(texts), 1 + GRADES), dtype=np.float32)
    with torch.no_grad():
        for rows in batches(texts, 16):
            out[rows] = head(reader(*padded([texts[row] for row in rows]))).numpy()
    return out


def crossed(graded: Graded, start: dict[str, Tensor], epochs: int) -> Any:
    """What each fold's encoder says of the posts it has not seen."""
    out = np.zeros((len(graded.rows), 1 + GRADES), dtype=np.float32)
    for fold in folds():
        reader, head = severely(graded, start, fold, epochs)
        at = np.flatnonzero(graded.fold == fold)
        out[at] = said_of(reader, head, [graded.tokens[row] for row in at])
        near = np.corrcoef(out[at, 0], graded.grade[at])[0, 1]
        print(f"fold {fold}: {len(at)} posts, correlation {near:.3f}", flush=True)
    return out


def write(data: Path, graded: Graded, said: Any, reader: Reader, head: nn.Linear) -> None:
    """The three files of the encoder."""
    data.mkdir(exist_ok=True)
    shipped = {
        **reader.changes(),
        "head.weight": head.weight.detach().numpy().astype(np.float16),
        "head.bias": head.bias.detach().numpy(),
    }
    np.savez_compressed(data / "encoder.npz", **shipped)
    keys = np.array([np.frombuffer(bytes.fromhex(key(row.text)), np.uint8) for row in graded.rows])
    np.savez_compressed(data / "folds.npz", keys=keys, said=said.astype(np.float16))
    second_graph.write(data)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--wide", type=Path, help="keep the first step's outcome here, and use it when it is there"
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS_SEVERITY)
    args = parser.parse_args()
    torch.set_num_threads(1)
    try:
        base = corpora.home()
    except corpora.NoData as error:
        print(f"nothing to train from: {error}", file=sys.stderr)
        return 1
    table = wordpiece.vocabulary(encoder.folder() / "vocab.txt")
    if args.wide and args.wide.exists():
        start = torch.load(args.wide)
    else:
        start = widely(Wide(base, table))
        if args.wide:
            torch.save(start, args.wide)
    graded = Graded(base, table)
    said = crossed(graded, start, args.epochs)
    reader, head = severely(graded, start, None, args.epochs)
    write(opinion.DATA, graded, said, reader, head)
    print("now the small parts: python -m kithwell.safety.train.second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
