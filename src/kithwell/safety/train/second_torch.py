"""The encoder in torch, as the ONNX graph computes it, with small trainable changes beside every matrix."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from kithwell.safety.second import encoder
from kithwell.safety.second.encoder import LAYERS, WIDTH
from kithwell.safety.train.second_graph import HEADS, POOLS, READ

RANK = 32
DROPOUT = 0.1
READ_WIDTH = WIDTH * len(READ)


class Changed(nn.Module):
    """A fixed matrix plus the product of two thin trained ones, and a trained bias."""

    def __init__(self, matrix: Any, bias: Any) -> None:
        super().__init__()
        self.register_buffer("matrix", torch.tensor(np.array(matrix.T)), persistent=False)
        self.bias = nn.Parameter(torch.tensor(np.array(bias)))
        self.a = nn.Parameter(torch.randn(RANK, matrix.shape[0]) / math.sqrt(matrix.shape[0]))
        self.b = nn.Parameter(torch.zeros(matrix.shape[1], RANK))

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.matrix, self.bias) + functional.linear(
            functional.linear(x, self.a), self.b
        )


class Layer(nn.Module):
    """One layer: attention, then the wide step."""

    def __init__(self, layer: int, linear: Mapping[str, tuple[Any, Any]], base: Mapping[str, Any]) -> None:
        super().__init__()
        self.steps = nn.ModuleDict(
            {name: Changed(*linear[f"{layer}.{name}"]) for name in ("qkv", "o", "f1", "f2")}
        )
        self.norms = nn.ModuleDict()
        for ours, theirs in (("n1", "attention.output.LayerNorm"), ("n2", "output.LayerNorm")):
            norm = nn.LayerNorm(WIDTH, eps=1e-12)
            at = f"encoder.layer.{layer}.{theirs}"
            norm.weight.data = torch.tensor(np.array(base[f"{at}.weight"]))
            norm.bias.data = torch.tensor(np.array(base[f"{at}.bias"]))
            self.norms[ours] = norm

    def forward(self, x: Tensor, there: Tensor) -> Tensor:
        texts, places, _ = x.shape
        query, key, value = (
            self.steps["qkv"](x).view(texts, places, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        )
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=there[:, None, None, :])
        seen = seen.transpose(1, 2).reshape(texts, places, WIDTH)
        x = self.norms["n1"](x + functional.dropout(self.steps["o"](seen), DROPOUT, self.training))
        wide = functional.gelu(self.steps["f1"](x))
        return self.norms["n2"](x + functional.dropout(self.steps["f2"](wide), DROPOUT, self.training))


class Reader(nn.Module):
    """Tokens in, the means over the text of the last layers out, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        base = encoder.tensors(
            encoder.checked(encoder.folder() / "model.safetensors", encoder.WEIGHTS_SHA256)
        )
        linear = {name: (matrix, bias) for name, matrix, bias in encoder.matrices(base)}
        self.layers = nn.ModuleList(Layer(layer, linear, base) for layer in range(LAYERS))

        def fixed(name: str, value: Any) -> None:
            self.register_buffer(name, torch.tensor(np.array(value)), persistent=False)

        fixed("words", base["embeddings.word_embeddings.weight"])
        fixed(
            "places",
            base["embeddings.position_embeddings.weight"]
            + base["embeddings.token_type_embeddings.weight"][0],
        )
        fixed("weight", base["embeddings.LayerNorm.weight"])
        fixed("bias", base["embeddings.LayerNorm.bias"])

    def forward(self, tokens: Tensor, there: Tensor) -> Tensor:
        x = self.words[tokens] + self.places[: tokens.shape[1]]
        x = functional.dropout(
            functional.layer_norm(x, (WIDTH,), self.weight, self.bias, 1e-12), DROPOUT, self.training
        )
        found = []
        for number, layer in enumerate(self.layers):
            if number in POOLS:
                x, there = _joined(x, there)
            x = layer(x, there)
            if number in READ:
                weight = there.float()[..., None]
                found.append((x * weight).sum(1) / weight.sum(1))
        return torch.cat(found, 1)

    def changes(self) -> dict[str, Any]:
        """What is shipped, by the names `encoder.initializers` looks for."""
        out = {}
        for number, layer in enumerate(self.layers):
            for name, step in layer.steps.items():
                for part in ("a", "b", "bias"):
                    out[f"{number}.{name}.{part}"] = _small(getattr(step, part))
            for name, norm in layer.norms.items():
                out[f"{number}.{name}.weight"], out[f"{number}.{name}.bias"] = (
                    _small(norm.weight),
                    _small(norm.bias),
                )
        return out


def _small(values: Tensor) -> Any:
    return values.detach().numpy().astype(np.float16)


def _joined(x: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
    """Neighbours in pairs: the mean of those that are there."""
    if x.shape[1] % 2:
        x, there = functional.pad(x, (0, 0, 0, 1)), functional.pad(there, (0, 1))
    weight = there.view(there.shape[0], -1, 2).float()
    pairs = x.view(x.shape[0], -1, 2, x.shape[2])
    joined = (pairs * weight[..., None]).sum(2) / weight.sum(2).clamp(min=1)[..., None]
    return joined, there.view(there.shape[0], -1, 2).any(2)


def padded(texts: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    longest = max(map(len, texts))
    tokens = torch.zeros(len(texts), longest, dtype=torch.long)
    there = torch.zeros(len(texts), longest, dtype=torch.bool)
    for number, row in enumerate(texts):
        tokens[number, : len(row)] = torch.tensor(row)
        there[number, : len(row)] = True
    return tokens, there


def batches(
    texts: Sequence[Sequence[int]], size: int, dice: np.random.Generator | None = None
) -> Iterator[Any]:
    """Places of texts of like length; with dice, in another order each time."""
    lengths = np.array([len(row) for row in texts], dtype=float)
    if dice is not None:
        lengths *= 1 + 0.2 * dice.random(len(texts))
    order = np.argsort(lengths, kind="stable")
    found = [order[at : at + size] for at in range(0, len(texts), size)]
    if dice is not None:
        dice.shuffle(found)
    yield from found
